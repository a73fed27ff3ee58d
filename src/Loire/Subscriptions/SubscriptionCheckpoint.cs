using Loire.EventLog.Views;

namespace Loire.Subscriptions;

/// <summary>
/// How far one partition of a subscription has come, and the only way to change what it writes. Beside its position there is
/// a number that grows when documents change and the position does not (a dead letter is handled, say). Every commit checks
/// both, so that of two who handle the same subscription only one has any effect, whatever it does.
/// </summary>
internal sealed class SubscriptionCheckpoint(int partition, IViewStore store)
{
    // An id that no document has: to delete it changes nothing, and fails where the table is gone.
    private const string Nobody = "\u0001";

    private ViewSchema? _table;
    private long _changes;

    /// <summary>The name under which it is kept: that of the subscription, or of the live generation of its view.</summary>
    public string Name { get; private set; } = "";

    public int Partition => partition;

    /// <summary>The log has been handled up to here, and the store says so.</summary>
    public long Position { get; private set; }

    /// <summary>To be called before anything is read that commits rest on: what is read later can then not be older.</summary>
    /// <param name="name">The name under which it is kept.</param>
    /// <param name="table">The documents that it belongs to, if they can be dropped, and the checkpoint with them.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task Read(string name, ViewSchema? table, CancellationToken cancellation)
    {
        (Name, _table) = (name, table);
        Position = await store.Checkpoint(name, partition, cancellation);
        _changes = await store.Checkpoint(ChangesOf(name), partition, cancellation);
    }

    /// <summary>Moves it on together with what has been done up to there.</summary>
    /// <exception cref="CheckpointMovedException">It is not where it was left.</exception>
    public async Task MoveTo(long position, IReadOnlyList<DocumentChange> changes)
    {
        await Commit(position, _changes, changes);
        Position = position;
    }

    /// <summary>Changes documents where it stands, and moves another checkpoint with that, if one is given.</summary>
    /// <inheritdoc cref="MoveTo"/>
    public async Task Stay(IReadOnlyList<DocumentChange> changes, CheckpointMove? also = null)
    {
        await Commit(Position, _changes + 1, changes, also);
        _changes++;
    }

    /// <summary>
    /// Sees to it that nobody can commit anything in the name of a generation of a view any more, whatever they have read of
    /// it. What was closed stays closed.
    /// </summary>
    /// <exception cref="CheckpointMovedException">Somebody was faster. To be tried again.</exception>
    public static async Task Close(string name, int partition, IViewStore store, CancellationToken cancellation)
    {
        var changes = await Changes(name, partition, store, cancellation);
        if (changes >= 0 && !await store.Commit(new CheckpointMove(ChangesOf(name), partition, changes, ~changes), []))
        {
            throw new CheckpointMovedException(SubscriptionBatch.KeyOf(name, partition));
        }
    }

    /// <summary>A number that has grown if documents have changed while the position has not.</summary>
    public static Task<long> Changes(string name, int partition, IViewStore store, CancellationToken cancellation) =>
        store.Checkpoint(ChangesOf(name), partition, cancellation);

    private static string ChangesOf(string name) => $"{name}/changes";

    private async Task Commit(long position, long changesTo, IReadOnlyList<DocumentChange> changes, CheckpointMove? also = null)
    {
        if (_changes < 0)
        {
            throw new CheckpointMovedException(SubscriptionBatch.KeyOf(Name, partition));
        }

        var move = new CheckpointMove(Name, partition, Position, position)
        {
            Also = new CheckpointMove(ChangesOf(Name), partition, _changes, changesTo) { Also = also },
        };

        // A checkpoint that is gone with its generation looks like one that has not begun.
        var fenced = Position == 0 && _table is not null ? [new DocumentChange.Delete(_table, Nobody), .. changes] : changes;
        if (!await store.Commit(move, fenced))
        {
            throw new CheckpointMovedException(SubscriptionBatch.KeyOf(Name, partition));
        }
    }
}
