using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.DeadLetters;

/// <summary>Decides what becomes of events that cannot be handled, and knows the aggregates that are held back by them.</summary>
internal sealed partial class SetAside(
    string subscription, FailurePolicy policy, DeadLetterAlert? alert, DeadLetterWriting writing, ILogger logger)
{
    public HeldBack HeldBack { get; } = new();

    public FailingShare Share { get; } = new(policy.MaxFailingShare);

    /// <summary>Tells events of aggregates that are held back from the others.</summary>
    public (IReadOnlyList<RecordedEvent> Free, IReadOnlyList<RecordedEvent> Waiting) Divide(IReadOnlyList<RecordedEvent> events)
    {
        var waiting = HeldBack.Count == 0 ? [] : events.Where(e => HeldBack.Contains(e.Stream)).ToList();
        return waiting.Count == 0 ? (events, waiting) : ([.. events.Where(e => !HeldBack.Contains(e.Stream))], waiting);
    }

    /// <summary>The letter for an event that has been tried by itself and failed.</summary>
    /// <exception cref="SubscriptionStoppedException">The subscription is not to go on without it.</exception>
    public DeadLetter Decide(RecordedEvent e, Exception failure)
    {
        var stop = policy.Then == FailureAction.Stop ? "It stops at what it cannot handle:"
            : Share.IsTooLarge ? "So many events fail that the handler seems to be broken:"
            : HeldBack.Count >= policy.MaxHeldBack ? $"{HeldBack.Count} aggregates are held back already:"
            : null;
        return stop is null ? writing.Failed(writing.Waiting(e), failure, policy) : throw new SubscriptionStoppedException(stop, failure);
    }

    /// <summary>Letters for events of aggregates that are held back.</summary>
    public IEnumerable<DocumentChange> Behind(IEnumerable<RecordedEvent> events) =>
        events.Select(e => DeadLetterWriting.Put(writing.Waiting(e)));

    /// <summary>A letter is on disk whose event has just failed, and so are those behind it.</summary>
    public void Done(DeadLetter letter, Exception failure, int behind)
    {
        alert?.Count(1 + behind, HeldBack.Count + 1);
        Share.Failed();
        FailedAgain(letter, failure);
    }

    /// <summary>Letters are on disk for events that wait behind others.</summary>
    public void Waited(int events)
    {
        if (events > 0)
        {
            alert?.Count(events, HeldBack.Count);
        }
    }

    /// <summary>The first letter of a line is on disk as its last attempt has left it.</summary>
    public void FailedAgain(DeadLetter letter, Exception failure)
    {
        var cause = FailurePolicy.CauseOf(failure);
        if (letter.HeadOf is null)
        {
            HeldBack.Release(letter.Stream);
        }
        else
        {
            HeldBack.Set(letter);
        }

        switch (letter.State)
        {
            case DeadLetterState.Retrying:
                LogRetrying(cause, subscription, letter.Position, letter.Stream, letter.Attempts, letter.NextAttemptAt);
                break;
            case DeadLetterState.Parked:
                LogParked(cause, subscription, letter.Position, letter.Stream, letter.Attempts, letter.Id);
                break;
            case DeadLetterState.Skipped:
                LogSkipped(cause, subscription, letter.Position, letter.Stream, letter.Attempts, letter.Id);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Subscription} could not handle event {Position} of {Stream} (attempt {Attempt}); its aggregate waits, the next attempt is at {At}")]
    private partial void LogRetrying(Exception e, string subscription, long position, StreamName stream, int attempt, DateTimeOffset? at);

    [LoggerMessage(LogLevel.Error, "{Subscription} could not handle event {Position} of {Stream} (attempt {Attempt}); its aggregate waits until somebody deals with the dead letter {Id}")]
    private partial void LogParked(Exception e, string subscription, long position, StreamName stream, int attempt, string id);

    [LoggerMessage(LogLevel.Error, "{Subscription} could not handle event {Position} of {Stream} (attempt {Attempt}); it goes on without it, the dead letter {Id} is its record")]
    private partial void LogSkipped(Exception e, string subscription, long position, StreamName stream, int attempt, string id);
}
