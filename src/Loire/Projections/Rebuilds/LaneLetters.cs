using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>
/// The dead letters of one partition of a generation that is being filled. Nobody sees or tries them until the generation has
/// taken over; then they are the subscription's. So nobody is alerted either.
/// </summary>
internal sealed class LaneLetters
{
    private readonly FillFailures _failures;
    private readonly Amendments _amendments;
    private readonly SetAside _setAside;
    private readonly DeadLetterQueue _queue;
    private readonly Intake _intake;

    public LaneLetters(FillFailures failures, ProjectionFold fold, SubscriptionCheckpoint checkpoint, Amendments amendments, IViewStore store)
    {
        (_failures, _amendments) = (failures, amendments);
        var (subscription, policy, time, logger) = failures;
        var writing = new DeadLetterWriting(subscription.Name, checkpoint, time, amendments);
        var reading = new DeadLetterReading(subscription.Name, checkpoint, store);
        var records = new AmendmentWriting(subscription.Name, subscription.Partitions, checkpoint, store, time);
        var key = SubscriptionBatch.KeyOf(fold.CheckpointName, fold.Scope.Partition);
        _setAside = new SetAside(key, policy, alert: null, writing, logger);
        _queue = new DeadLetterQueue(subscription, policy, fold, checkpoint, _setAside, writing, reading, records, time, logger);
        _intake = new Intake(fold, checkpoint, _setAside, policy);
    }

    /// <summary>Whether aggregates are held back.</summary>
    public bool Any => _setAside.HeldBack.Count > 0;

    public async Task Open(CancellationToken cancellation)
    {
        await _queue.Define(cancellation);
        await _queue.Load(cancellation);
    }

    /// <summary>Whether an event is to blame for a failure.</summary>
    public bool Blames(Exception failure) => _failures.Policy.Blames(failure);

    /// <inheritdoc cref="SetAside.Divide"/>
    public (IReadOnlyList<RecordedEvent> Free, IReadOnlyList<RecordedEvent> Waiting) Divide(IReadOnlyList<RecordedEvent> events) =>
        _setAside.Divide(events);

    /// <summary>Letters for events that wait, when the others of their page have been handled.</summary>
    public IEnumerable<DocumentChange> Behind(IReadOnlyList<RecordedEvent> waiting, int handled)
    {
        _setAside.Share.Handled(handled);
        return _setAside.Behind(waiting);
    }

    /// <summary>Takes events in of which one at least cannot be handled.</summary>
    /// <exception cref="SubscriptionStoppedException">The rebuild is not to go on without it.</exception>
    public Task Take(IReadOnlyList<RecordedEvent> events, long through, CancellationToken cancellation) =>
        _intake.Take(new Stretch(events, through), _ => { }, cancellation);

    /// <summary>Does what was decided meanwhile about the dead letters of the generation that is live.</summary>
    public Task Adopt(CancellationToken cancellation) =>
        Any ? _queue.Adopt(_amendments.Later(cancellation), cancellation) : Task.CompletedTask;

    /// <summary>Tries again what has been set aside: the handler may have been mended.</summary>
    public async Task Retry(CancellationToken cancellation)
    {
        await Adopt(cancellation);
        await _queue.RetryAll(DateTimeOffset.MaxValue, cancellation);
    }
}
