using Loire.EventLog;
using Loire.Subscriptions;

namespace Loire.DeadLetters;

/// <summary>What a subscription does with an event that it could not handle as often as its policy says.</summary>
public enum FailureAction
{
    /// <summary>The event waits for somebody to look at it; later events of its aggregate wait behind it, all others go on.</summary>
    Park,

    /// <summary>The event is given up and leaves a record; later events of its aggregate go on.</summary>
    Skip,

    /// <summary>The subscription stands at the event from the first failure on, and tries it again without end.</summary>
    Stop,
}

/// <summary>
/// What happens when a subscription cannot handle an event. Before the policy counts, the event is tried by itself, so that
/// none suffers for what another of its batch did. What is not the event's fault counts for nothing and is tried again
/// without end: see <see cref="IsOutage"/>.
/// </summary>
public sealed record FailurePolicy
{
    /// <summary>How often an event is tried by itself, the first time included. Default: 8; 1 to 1000.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The pause after the first attempt. Default: 1 s; more than zero.</summary>
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>By how much each pause is longer than the one before. Default: 2; 1 or more.</summary>
    public double Factor { get; set; } = 2;

    /// <summary>The longest pause. Default: 5 min; not less than <see cref="InitialDelay"/>.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// By which share a pause may be shorter, so that events that failed together do not come again together; how much follows
    /// from event and attempt. Default: 0.2; 0 to 1.
    /// </summary>
    public double Jitter { get; set; } = 0.2;

    /// <summary>What happens then. Default: <see cref="FailureAction.Park"/>.</summary>
    public FailureAction Then { get; set; } = FailureAction.Park;

    /// <summary>Whether another attempt may help; if not, the first failure is the last. Default: always.</summary>
    public Func<Exception, bool> IsRetryable { get; set; } = _ => true;

    /// <summary>
    /// Whether a failure is not the event's fault, beyond those that never are: the store or a silo is unavailable, something
    /// took too long or was cancelled (<see cref="StoreUnavailableException"/>, <see cref="TimeoutException"/>,
    /// <see cref="OperationCanceledException"/>, failures of the grain engine). Default: no other.
    /// </summary>
    public Func<Exception, bool> IsOutage { get; set; } = _ => false;

    /// <summary>
    /// How many aggregates may be held back in one partition at once; beyond that the subscription stops. Default: 10,000; 1 to
    /// 1,000,000.
    /// </summary>
    public int MaxHeldBack { get; set; } = 10_000;

    /// <summary>
    /// Which share of the recent events may fail before the handler counts as broken, and the subscription stops rather than
    /// set everything aside. Counted over about a thousand events, once 20 have failed. Default: 0.5; 0 to 1 (never).
    /// </summary>
    public double MaxFailingShare { get; set; } = 0.5;

    /// <summary>What is wrong with it; <see langword="null"/> if nothing is.</summary>
    internal string? Complaint =>
        MaxAttempts is < 1 or > 1000 ? "MaxAttempts must be 1 to 1000"
        : InitialDelay <= TimeSpan.Zero ? "InitialDelay must be more than zero"
        : MaxDelay < InitialDelay ? "MaxDelay must not be less than InitialDelay"
        : !(Factor >= 1) ? "Factor must be 1 or more"
        : !(Jitter is >= 0 and <= 1) ? "Jitter must be 0 to 1"
        : !Enum.IsDefined(Then) ? "Then must be Park, Skip or Stop"
        : MaxHeldBack is < 1 or > 1_000_000 ? "MaxHeldBack must be 1 to 1000000"
        : !(MaxFailingShare is >= 0 and <= 1) ? "MaxFailingShare must be 0 to 1"
        : null;

    /// <summary>What a handler threw, without what says which event it was.</summary>
    internal static Exception CauseOf(Exception failure) => failure is EventFailedException { InnerException: { } cause } ? cause : failure;

    /// <summary>Whether the event is to blame.</summary>
    internal bool Blames(Exception failure) => !Outage.Explains(failure) && !IsOutage(CauseOf(failure));

    /// <summary>How long to wait after so many attempts. The same for the same event, so that a simulation can be repeated.</summary>
    internal TimeSpan DelayAfter(int attempts, StreamName stream, long position)
    {
        var longest = Math.Min(InitialDelay.TotalSeconds * Math.Pow(Factor, attempts - 1), MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (1 - (Jitter * Scatter(stream, position, attempts))));
    }

    // 0 (inclusive) to 1 (exclusive): FNV-1a over what tells the attempt from others, and the last step of SplitMix64, because
    // numbers that follow each other would else give numbers that follow each other.
    private static double Scatter(StreamName stream, long position, int attempts)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in $"{stream}/{position}/{attempts}")
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
