using System.Collections.Immutable;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Which silos a cluster has. What one silo knows, all know at once.</summary>
internal sealed class Membership
{
    private readonly Lock _gate = new();
    private ImmutableArray<EngineRuntime> _silos = [];
    private ImmutableSortedDictionary<SiloAddress, Member> _members = ImmutableSortedDictionary<SiloAddress, Member>.Empty;

    /// <summary>The silos that take new activations.</summary>
    public ImmutableArray<EngineRuntime> Silos
    {
        get
        {
            lock (_gate)
            {
                return _silos;
            }
        }
    }

    /// <summary>The silos that there are or have been.</summary>
    public ImmutableSortedDictionary<SiloAddress, Member> Members
    {
        get
        {
            lock (_gate)
            {
                return _members;
            }
        }
    }

    public void Join(EngineRuntime silo)
    {
        lock (_gate)
        {
            _silos = _silos.Add(silo);
            _members = _members.SetItem(silo.Address, Member.Of(silo));
        }
    }

    public void Leave(EngineRuntime silo, SiloStatus status)
    {
        lock (_gate)
        {
            _silos = _silos.Remove(silo);
            if (_members.TryGetValue(silo.Address, out var member))
            {
                _members = _members.SetItem(silo.Address, member with { Status = status });
            }
        }
    }

    /// <summary>The silo that something belongs to for as long as the members stay the same.</summary>
    /// <exception cref="SiloUnavailableException">There is no silo.</exception>
    public EngineRuntime Owner(int hash)
    {
        var silos = Silos;
        return silos.Length > 0 ? silos[(int)((uint)hash % (uint)silos.Length)] : throw NoSilo();
    }

    public static SiloUnavailableException NoSilo() => new("The cluster has no silo that takes calls");
}

/// <summary>What is known of a silo as long as the cluster lasts; it does not hold what the silo had in memory.</summary>
internal sealed record Member(string Name, DateTime StartTime, SiloStatus Status)
{
    public static Member Of(EngineRuntime silo) => new(silo.Name, silo.StartTime, SiloStatus.Active);
}
