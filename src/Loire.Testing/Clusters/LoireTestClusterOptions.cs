using Loire.EventLog;
using Microsoft.Extensions.Logging;

namespace Loire.Testing;

/// <summary>What a test cluster is made of.</summary>
public sealed record LoireTestClusterOptions
{
    /// <summary>How many silos, 1 or more. Default: 1.</summary>
    public short Silos { get; init; } = 1;

    /// <summary>Where the data is kept. Default: in memory.</summary>
    public TestStore Store { get; init; } = TestStore.InMemory();

    /// <summary>
    /// The time. Give a <see cref="ManualTime"/> to let it jump; one that runs is what most tests want, because subscriptions
    /// and retries live on timers. Orleans takes part of its time from the system whatever is given here, and the rest from
    /// here: the limits of its membership, its gateways and its calls too, so there it must not be moved fast for long.
    /// Default: the system's.
    /// </summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The longest that anything is waited for, in the system's time; whatever takes longer has failed. Default: 30 s.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Puts something in front of the log: a fault, a delay, a count.</summary>
    public Func<IEventLog, IEventLog>? Log { get; init; }

    /// <summary>What goes wrong with the store, whichever it is. Default: nothing.</summary>
    public StoreFaults? Faults { get; init; }

    /// <summary>Puts something in front of the snapshots.</summary>
    public Func<ISnapshotStore, ISnapshotStore>? Snapshots { get; init; }

    /// <summary>Configures each silo, after everything else.</summary>
    public Action<ISiloBuilder>? Silo { get; init; }

    /// <summary>Whether the HTTP API listens on a free port of this machine. Default: no.</summary>
    public bool Gateway { get; init; }

    /// <summary>What is logged to the console. Default: errors.</summary>
    public LogLevel Logging { get; init; } = LogLevel.Error;
}
