using Loire.Subscriptions;

namespace Loire.Monitoring;

/// <summary>How a subscription, or one of its partitions, is doing; from good to bad.</summary>
public enum SubscriptionState
{
    /// <summary>At the head of the log, or seconds behind it.</summary>
    Ok,

    /// <summary>It has not reported yet since the silo or the monitor started.</summary>
    Starting,

    /// <summary>Behind, and getting on.</summary>
    CatchingUp,

    /// <summary>Somebody wants it to stand still.</summary>
    Paused,

    /// <summary>Its last attempt failed; the next one comes by itself.</summary>
    Retrying,

    /// <summary>The monitor cannot be asked.</summary>
    Unknown,

    /// <summary>It has failed for longer than <see cref="SubscriptionOptions.StuckAfter"/> without getting on.</summary>
    Stuck,

    /// <summary>It stands because something is wrong that it does not get over by itself.</summary>
    Stopped,

    /// <summary>It has not shown for <see cref="SubscriptionOptions.DeadAfter"/> that it is alive: nobody runs it, or it hangs.</summary>
    Dead,
}

/// <summary>How one partition of a subscription is doing.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="State">In one word.</param>
/// <param name="Position">It has handled whatever it wants of the log up to here.</param>
/// <param name="Lag">Events after that, up to the head of the log; 0 when it wants none of them.</param>
/// <param name="LagTime">How long ago the first one happened that it still has to handle; zero when there is none,
/// <see langword="null"/> when the store cannot be asked.</param>
/// <param name="Rate">Events per second that it handles, over the last ten seconds or so.</param>
/// <param name="Failures">Attempts that have failed since it last got on.</param>
/// <param name="LastError">What the last failure said; kept after recovery.</param>
/// <param name="HeartbeatAge">How long ago it last showed that it is alive; <see langword="null"/> when it has not yet.</param>
public sealed record PartitionHealth(
    int Partition,
    SubscriptionState State,
    long Position,
    long Lag,
    TimeSpan? LagTime,
    double Rate,
    int Failures,
    string? LastError,
    TimeSpan? HeartbeatAge);

/// <summary>How a subscription is doing: as its worst partition does.</summary>
/// <param name="Definition">The subscription.</param>
/// <param name="Head">The end of the log when this was read.</param>
/// <param name="Partitions">In order, at least one.</param>
public sealed record SubscriptionHealth(SubscriptionDefinition Definition, long Head, IReadOnlyList<PartitionHealth> Partitions)
{
    public SubscriptionState State => Partitions.Max(p => p.State);

    public long Position => Partitions.Min(p => p.Position);

    public long Lag => Partitions.Max(p => p.Lag);

    public TimeSpan? LagTime => Partitions.Any(p => p.LagTime is null) ? null : Partitions.Max(p => p.LagTime);

    public double Rate => Partitions.Sum(p => p.Rate);

    public string? LastError => Partitions.OrderByDescending(p => p.State).Select(p => p.LastError).FirstOrDefault(e => e is not null);

    public TimeSpan? HeartbeatAge => Partitions.Any(p => p.HeartbeatAge is null) ? null : Partitions.Max(p => p.HeartbeatAge);

    /// <summary>Whether somebody has to look after it. To be behind is none of that.</summary>
    public bool NeedsHelp => State is SubscriptionState.Stuck or SubscriptionState.Stopped or SubscriptionState.Dead;
}
