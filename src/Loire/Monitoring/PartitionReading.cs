namespace Loire.Monitoring;

/// <summary>What a partition of a subscription is told to do.</summary>
public enum SubscriptionMode
{
    Running,

    /// <summary>Somebody wants it to stand still for a while.</summary>
    Paused,

    /// <summary>It stands because something is wrong that it does not get over by itself.</summary>
    Stopped,
}

/// <summary>How one partition of a subscription was doing when its silo last looked.</summary>
/// <param name="Subscription">Name of the subscription.</param>
/// <param name="Partition">From 0.</param>
/// <param name="Activation">Identifies the activation of its grain; the counts begin anew with each.</param>
/// <param name="Mode">What it is told to do.</param>
/// <param name="Position">It has handled the log up to here.</param>
/// <param name="Handled">Events that it has handled.</param>
/// <param name="Failures">Attempts that have failed since it last got on.</param>
/// <param name="FailingFor">How long ago the first of these was; <see langword="null"/> when there is none.</param>
/// <param name="LastError">What the last failure said; kept after recovery.</param>
/// <param name="HeartbeatAge">How long ago it last showed that it is alive.</param>
[GenerateSerializer, Immutable, Alias("loire.partition-reading")]
public sealed record PartitionReading(
    [property: Id(0)] string Subscription,
    [property: Id(1)] int Partition,
    [property: Id(2)] Guid Activation,
    [property: Id(3)] SubscriptionMode Mode,
    [property: Id(4)] long Position,
    [property: Id(5)] long Handled,
    [property: Id(6)] int Failures,
    [property: Id(7)] TimeSpan? FailingFor,
    [property: Id(8)] string? LastError,
    [property: Id(9)] TimeSpan HeartbeatAge);
