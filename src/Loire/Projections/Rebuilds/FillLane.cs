using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>One partition of a generation that is being filled. It handles a page while the one before is being written.</summary>
/// <param name="fold">What it does with events.</param>
/// <param name="store">Where documents go.</param>
/// <param name="leftOut">Partitions and positions of events that are left out.</param>
internal sealed class FillLane(ProjectionFold fold, IViewStore store, IReadOnlySet<(int Partition, long Position)> leftOut)
{
    private Task _writing = Task.CompletedTask;
    private long _written;

    /// <summary>It has handled the log up to here.</summary>
    public long Position { get; private set; }

    public async Task Open(CancellationToken cancellation)
    {
        Position = await fold.OpenAtCheckpoint(cancellation);
        _written = Position;
        _writing = Task.CompletedTask;
    }

    /// <exception cref="GenerationMovedException">Somebody else writes to the generation.</exception>
    public async Task Handle(LogPage page, CancellationToken cancellation)
    {
        if (page.Through <= Position)
        {
            return;
        }

        var isWhole = leftOut.Count == 0 && page.Events.Count > 0 && page.Events[0].Position > Position;
        var events = isWhole
            ? page.Events
            : [.. page.Events.Where(e => e.Position > Position && !leftOut.Contains((fold.Scope.Partition, e.Position)))];
        var changes = await fold.Handle(events, cancellation);

        // It is, before anything else is written.
        fold.Committed();
        Position = page.Through;
        await Written();
        _writing = Write(changes, Position);
    }

    /// <summary>Waits until what was handled is on disk.</summary>
    public async Task Written()
    {
        var writing = _writing;
        _writing = Task.CompletedTask;
        await writing;
    }

    // Away from the caller's turn, which goes on with the next page.
    private Task Write(IReadOnlyList<DocumentChange> changes, long position) => Task.Run(async () =>
    {
        if (!await store.Commit(new CheckpointMove(fold.CheckpointName, fold.Scope.Partition, _written, position), changes))
        {
            throw new GenerationMovedException($"{fold.CheckpointName}/{fold.Scope.Partition} was moved by somebody else.");
        }

        _written = position;
    });
}
