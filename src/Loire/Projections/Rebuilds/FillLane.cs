using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>One partition of a generation that is being filled. It handles a page while the one before is being written.</summary>
internal sealed class FillLane
{
    private readonly ProjectionFold _fold;
    private readonly SubscriptionCheckpoint _checkpoint;
    private readonly Amendments _amendments;
    private readonly LaneLetters? _letters;
    private readonly Generation? _live;
    private readonly IReadOnlySet<(int Partition, long Position)> _leftOut;
    private Task _writing = Task.CompletedTask;

    /// <param name="fold">What it does with events.</param>
    /// <param name="store">Where documents go.</param>
    /// <param name="rules">What does not go as it stands in the log.</param>
    /// <param name="queue">Name of the view's subscription.</param>
    public FillLane(ProjectionFold fold, IViewStore store, FillRules rules, string queue)
    {
        (_fold, _leftOut, _live) = (fold, rules.LeftOut, rules.Live);
        var scope = fold.Scope;
        _checkpoint = new SubscriptionCheckpoint(scope.Partition, store);
        _amendments = new Amendments(queue, scope.Partition, scope.Partitions, rules.Audited ?? fold.CheckpointName, store);
        _letters = rules.Failures is { } failures ? new LaneLetters(failures, fold, _checkpoint, _amendments, store) : null;
    }

    /// <summary>It has handled the log up to here.</summary>
    public long Position { get; private set; }

    /// <summary>Whether events have been set aside, and hold others back.</summary>
    public bool HoldsBack => _letters is { Any: true };

    public async Task Open(CancellationToken cancellation)
    {
        await _checkpoint.Read(_fold.CheckpointName, _fold.Table, cancellation);
        await _fold.Prepare(cancellation);
        (Position, _writing) = (_checkpoint.Position, Task.CompletedTask);
        if (Position == 0)
        {
            _fold.StartsEmpty();
        }

        await (_live is null ? _amendments.Open(cancellation) : _amendments.Begin(_live, cancellation));
        await (_letters?.Open(cancellation) ?? Task.CompletedTask);
    }

    /// <exception cref="CheckpointMovedException">Somebody else writes to the generation.</exception>
    /// <exception cref="SubscriptionStoppedException">An event cannot be handled, and is not to be set aside.</exception>
    public async Task Handle(LogPage page, CancellationToken cancellation)
    {
        if (page.Through <= Position)
        {
            return;
        }

        await _amendments.Read(Position, page.Through, cancellation);
        var events = EventsOf(page);
        var (free, waiting) = _letters?.Divide(events) ?? (events, []);
        IReadOnlyList<DocumentChange> changes;
        try
        {
            changes = await _fold.Handle(free, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && _letters?.Blames(e) == true)
        {
            await TakeOneByOne(events, page.Through, _letters, cancellation);
            return;
        }

        await Follow([.. changes, .. _letters?.Behind(waiting, free.Count) ?? []], page.Through);
    }

    /// <summary>Waits until what was handled is on disk.</summary>
    public async Task Written()
    {
        var writing = _writing;
        _writing = Task.CompletedTask;
        await writing;
    }

    /// <inheritdoc cref="LaneLetters.Adopt"/>
    public Task Adopt(CancellationToken cancellation) => _letters?.Adopt(cancellation) ?? Task.CompletedTask;

    /// <inheritdoc cref="LaneLetters.Retry"/>
    public Task Retry(CancellationToken cancellation) => _letters?.Retry(cancellation) ?? Task.CompletedTask;

    private IReadOnlyList<RecordedEvent> EventsOf(LogPage page) =>
    [
        .. page.Events
            .Where(e => e.Position > Position && !_leftOut.Contains((_fold.Scope.Partition, e.Position)))
            .Select(_amendments.InPlaceOf)
            .OfType<RecordedEvent>(),
    ];

    // Where it must be. What it reads of the page before has to be on disk.
    private async Task TakeOneByOne(
        IReadOnlyList<RecordedEvent> events, long through, LaneLetters letters, CancellationToken cancellation)
    {
        await Written();
        await letters.Take(events, through, cancellation);
        if (_checkpoint.Position < through)
        {
            await _checkpoint.MoveTo(through, []);
        }

        Position = through;
    }

    private async Task Follow(IReadOnlyList<DocumentChange> changes, long through)
    {
        // What was handled is on disk before anything else is written.
        _fold.Committed();
        Position = through;
        await Written();

        // Away from the caller's turn, which goes on with the next page.
        _writing = Task.Run(() => _checkpoint.MoveTo(through, changes));
    }
}
