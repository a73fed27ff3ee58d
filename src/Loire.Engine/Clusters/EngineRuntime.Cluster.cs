using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>A host as one silo of several, or as a client of them.</summary>
public sealed partial class EngineRuntime
{
    private readonly ClusterSeat? _seat;
    private readonly Lock _ending = new();
    private volatile bool _dead;
    private volatile bool _killed;

    internal Cluster? Cluster => _seat?.Cluster;

    internal string Name => _seat?.Name ?? "Silo";

    internal SiloAddress Address { get; }

    /// <summary>When it started, UTC.</summary>
    internal DateTime StartTime { get; private set; }

    /// <summary>Whether the silo has left its cluster. A host that is no silo of several is never dead.</summary>
    internal bool IsDead => _dead;

    /// <summary>Whether it left without a word, so that what it had in memory is lost.</summary>
    internal bool IsKilled => _killed;

    internal void StartClient()
    {
        MakeFilters();
        Clock.Start(Deadlines.Sweep);
    }

    internal Task Collect(TimeSpan age) => Catalog.Collect(Clock.Now, age);

    internal Activation Make(GrainId id) => _make(id, 0);

    /// <summary>Takes an activation that is in the directory already, so that the end of this silo ends it as well.</summary>
    internal void Adopt(Activation activation)
    {
        Catalog.Add(activation);
        if (activation.Scheduler.HasEnded)
        {
            Catalog.Remove(activation);
        }
        else if (_dead)
        {
            activation.Kill();
        }
        else if (!_accepts)
        {
            activation.Deactivate(Catalog.HostStops);
        }
    }

    /// <summary>Ends the silo as if its machine had lost power.</summary>
    internal void Kill()
    {
        _killed = true;
        Retire();
    }

    /// <summary>
    /// Lets the others take the silo for dead while it still runs, as after a pause that was too long: its grains come back
    /// elsewhere, so for a time there are two of them.
    /// </summary>
    internal void Disown()
    {
        Cluster?.Membership.Leave(this, SiloStatus.Dead);
        foreach (var activation in Catalog.All)
        {
            Cluster?.Directory.Remove(activation);
        }
    }

    /// <summary>Takes the silo out of its cluster with whatever is still active, and refuses what its code still calls.</summary>
    internal void Retire()
    {
        lock (_ending)
        {
            _accepts = false;
            _dead = true;
            _stampsMore = true;
            Cluster?.Membership.Leave(this, SiloStatus.Dead);
            Clock.Dispose();
            foreach (var activation in Catalog.All)
            {
                activation.Kill();
            }
        }
    }

    /// <summary>
    /// A call through a reference that was made on a silo which is dead now. A grain that lives elsewhere may go on using
    /// it; the code of the dead silo itself reaches nobody any more.
    /// </summary>
    internal Activation? DeliverFromTheDead(GrainId id, GrainRequest request)
    {
        if (RuntimeContext.Current is Activation { Runtime: { IsDead: false } alive } && alive.Stamp(request))
        {
            return request.TryWatchCaller(alive) ? alive.Deliver(id, request) : null;
        }

        request.TryFail(new SiloUnavailableException($"{Name} has stopped, so it cannot call {id}"));
        return null;
    }

    // Grains that are called while this silo stops come back on others, so it stops when none is left.
    private async Task StopInCluster(Cluster cluster, CancellationToken cancellationToken)
    {
        cluster.Membership.Leave(this, SiloStatus.ShuttingDown);
        try
        {
            while (Catalog.Count > 0)
            {
                await Catalog.EndAll().WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Retire();
        }
    }
}
