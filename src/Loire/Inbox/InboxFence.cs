using Loire.EventLog.Views;

namespace Loire.Inbox;

/// <summary>
/// Lets one after the other write for a consumer: those of a silo by waiting, those of different silos by a checkpoint of the
/// consumer's own, which counts the writes. Whoever finds it moved since he looked has not written.
/// </summary>
internal sealed class InboxFence(string consumer, int number, IViewStore store)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _name = $"inbox/{consumer}";

    /// <summary>Does something in turn with the others of this silo.</summary>
    public async Task<T> InTurn<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>How many writes there have been. What is read after this is not older than that.</summary>
    public Task<long> Writes(CancellationToken cancellation) => store.Checkpoint(_name, number, cancellation);

    /// <returns><see langword="false"/> when there has been another write since; then nothing has changed.</returns>
    public Task<bool> Write(long after, IReadOnlyList<DocumentChange> changes) =>
        store.Commit(new CheckpointMove(_name, number, after, after + 1), changes);
}
