using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Simulation.Defects;

/// <summary>Writes the checkpoint first and the documents after it, in a transaction of their own.</summary>
internal sealed class CheckpointFirst(IViewStore views) : ViewDecorator(views)
{
    public override async Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) =>
        await Inner.Commit(move, []) && await Inner.Commit(Standing(move), changes);

    internal static CheckpointMove Standing(CheckpointMove move) =>
        move with { From = move.To, Also = move.Also is null ? null : Standing(move.Also) };
}

/// <summary>Writes although somebody else has moved the checkpoint.</summary>
internal sealed class NoFence(IViewStore views) : ViewDecorator(views)
{
    public override async Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) =>
        await Inner.Commit(move, changes)
        || await Inner.Commit(await Blind(move), changes);

    private async Task<CheckpointMove> Blind(CheckpointMove move) => move with
    {
        From = await Inner.Checkpoint(move.Subscription, move.Partition),
        Also = move.Also is null ? null : await Blind(move.Also),
    };
}

/// <summary>Swallows what a handler throws, and goes on behind the event.</summary>
internal sealed class Swallowing(ISubscriptionHandler handler) : ISubscriptionHandler
{
    public Task Prepare(CancellationToken cancellation) => handler.Prepare(cancellation);

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        try
        {
            return await handler.Handle(events, cancellation);
        }
        catch (Exception)
        {
            return [];
        }
    }

    public void Committed() => handler.Committed();
}
