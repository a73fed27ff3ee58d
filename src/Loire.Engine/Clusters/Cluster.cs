using System.Collections.Concurrent;

namespace Loire.Engine;

/// <summary>What the silos of one cluster share. They are in one process, so they share it by reference.</summary>
internal sealed class Cluster
{
    private readonly ConcurrentDictionary<object, Lazy<object>> _shared = new();

    public Cluster() => Directory = new GrainDirectory(Membership);

    public Membership Membership { get; } = new();

    public GrainDirectory Directory { get; }

    /// <summary>Of all calls in the cluster: whoever has a clock that runs looks at them, so that a silo that stands still keeps nobody waiting.</summary>
    public Deadlines Deadlines { get; } = new();

    /// <summary>Something that belongs to the cluster and outlives each of its silos.</summary>
    public T Share<T>(object key, Func<T> make)
        where T : class =>
        (T)_shared.GetOrAdd(key, static (_, make) => new Lazy<object>(make), make).Value;
}

/// <summary>The place of a host in a cluster.</summary>
internal sealed record ClusterSeat(Cluster Cluster, string Name, Orleans.Runtime.SiloAddress Address);
