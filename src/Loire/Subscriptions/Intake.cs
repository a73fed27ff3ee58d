using Loire.DeadLetters;
using Loire.EventLog.Views;

namespace Loire.Subscriptions;

/// <summary>
/// Takes stretches of the log in: what can be handled is, and what cannot is set aside, with the later events of its aggregate.
/// Used for what follows the log as it grows and for what folds it anew.
/// </summary>
internal sealed class Intake(ISubscriptionHandler handler, SubscriptionCheckpoint checkpoint, SetAside setAside, FailurePolicy policy)
{
    /// <param name="all">The stretch.</param>
    /// <param name="done">Told of each part of it that has been dealt with.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SubscriptionStoppedException">It stands at an event that it cannot handle.</exception>
    public async Task Take(Stretch all, Action<Stretch> done, CancellationToken cancellation)
    {
        Stack<Stretch> left = new([all]);
        while (left.TryPop(out var stretch))
        {
            var parts = await TakeWhole(stretch, cancellation);
            foreach (var part in parts)
            {
                left.Push(part);
            }

            if (parts.Count == 0)
            {
                done(stretch);
            }
        }
    }

    /// <returns>The parts in which it has to be taken instead, the last one first; none when all is done.</returns>
    private async Task<IReadOnlyList<Stretch>> TakeWhole(Stretch stretch, CancellationToken cancellation)
    {
        var (free, waiting) = setAside.Divide(stretch.Events);
        IReadOnlyList<DocumentChange> changes = [];
        try
        {
            changes = free.Count == 0 ? [] : await handler.Handle(free, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && policy.Blames(e))
        {
            if (free.Count > 1)
            {
                return stretch.Around(e is EventFailedException failed ? failed.Event : null, free[free.Count / 2]);
            }

            var letter = setAside.Decide(free[0], e);
            await checkpoint.MoveTo(stretch.Through, [DeadLetterWriting.Put(letter), .. setAside.Behind(waiting)]);
            setAside.Done(letter, e, waiting.Count);
            return [];
        }

        if (stretch.Events.Count > 0)
        {
            await checkpoint.MoveTo(stretch.Through, [.. changes, .. setAside.Behind(waiting)]);
        }

        setAside.Waited(waiting.Count);
        if (free.Count > 0)
        {
            handler.Committed();
            setAside.Share.Handled(free.Count);
        }

        return [];
    }
}
