using Loire.DeadLetters;

namespace Loire.Subscriptions;

/// <summary>Pace and limits of subscriptions.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>The relay lets at least this time pass between two batches, so that they are worth a transaction. Default: 5 ms.</summary>
    public TimeSpan RelayInterval { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Under load the time between two batches grows up to this, so that views are written less often. Default: 50 ms.</summary>
    public TimeSpan MaxRelayInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A batch goes out at least this often, even if it is empty; a subscription that cannot get on tries again on it. Default: 1 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Events in one batch and in one transaction, at most. Default: 2,000.</summary>
    public int BatchSize { get; set; } = 2_000;

    /// <summary>How long one grain call may spend on catching up before it lets others in. Default: 10 s.</summary>
    public TimeSpan CatchUpSlice { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause before a subscription that cannot get on tries again. Default: 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Each silo reports so often how its subscriptions do. Default: 1 s.</summary>
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A subscription that has failed for so long without getting on is stuck, and health says so. Default: 1 min; 1 s or more.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A subscription that has not shown for so long that it is alive is dead, and health says so. A batch that takes longer than
    /// this looks the same. Default: 1 min; three times <see cref="Heartbeat"/> and <see cref="ReportInterval"/> together, or more.
    /// </summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What happens to events that cannot be handled, where a subscription has no policy of its own.</summary>
    public FailurePolicy Failures { get; set; } = new();

    /// <summary>
    /// Health is degraded, and the log has a warning, when a subscription has set aside so many events that are still to be
    /// handled. Default: 100; 1 or more.
    /// </summary>
    public int DeadLetterAlert { get; set; } = 100;

    /// <summary>The same when it has set aside so many events within a minute. Default: 10; 1 or more.</summary>
    public int DeadLetterAlertPerMinute { get; set; } = 10;

    /// <summary>How long one grain call may spend on events that were set aside before it lets others in. Default: 2 s.</summary>
    public TimeSpan RetrySlice { get; set; } = TimeSpan.FromSeconds(2);
}
