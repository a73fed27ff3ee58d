using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Subscriptions;

namespace Loire.Reactors;

/// <summary>Pace and limits of one reactor.</summary>
public sealed class ReactorOptions
{
    /// <summary>
    /// Where it begins when it is new. Default: <see cref="StartFrom.End"/>, for a reactor that is added to a log of three years
    /// must not write to the customers of three years ago unless somebody says so.
    /// </summary>
    public StartFrom StartFrom { get; set; } = StartFrom.End;

    /// <summary>How many deliveries of one partition run at once; those of one aggregate never do. Default: 16; 1 to 1000.</summary>
    public int MaxConcurrency { get; set; } = 16;

    /// <summary>How long one delivery may take. Default: 30 s; more than zero, up to 10 minutes.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many grains share its work. Default: 1; 1 to <see cref="StreamName.Partitions"/>.</summary>
    public int Partitions { get; set; } = 1;

    /// <summary>
    /// How many events are handed over before the checkpoint moves: so many may come again after a crash. Default: 64; 1 to
    /// 10,000.
    /// </summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>What happens when an event cannot be handled, if not as <see cref="SubscriptionOptions.Failures"/> says.</summary>
    public Action<FailurePolicy>? Failures { get; set; }
}
