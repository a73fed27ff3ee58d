namespace Loire.EventLog.Views;

/// <summary>
/// Keeps views (JSON documents with declared fields) and the checkpoints of subscriptions, so that both change in one
/// transaction. Operations may throw <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IViewStore
{
    /// <summary>Makes a view ready for use. Idempotent. Another <see cref="ViewSchema.Version"/> is another, empty view.</summary>
    Task Define(ViewSchema schema, CancellationToken cancellation = default);

    /// <summary>
    /// Removes a view: its documents, and the checkpoints that are kept under its <see cref="ViewSchema.StoreName"/> or under
    /// names that begin with that and a slash. Idempotent; when it fails half-way, some documents are gone, and it can be
    /// called again.
    /// </summary>
    Task Drop(ViewSchema schema, CancellationToken cancellation = default);

    /// <summary>The position up to which a subscription has handled the log; 0 when it has not begun.</summary>
    Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default);

    /// <summary>
    /// Another text each time that a commit has moved a checkpoint of a subscription, be it to where it was: as long as it is
    /// the same, nothing has been committed in its name. Empty when it has not begun.
    /// </summary>
    Task<string> Stamp(string subscription, CancellationToken cancellation = default);

    /// <summary>
    /// Moves a checkpoint and applies changes to documents in one transaction, if the checkpoint still is where the caller
    /// thinks it is.
    /// </summary>
    /// <returns><see langword="false"/> when it is not: then nothing has changed.</returns>
    Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes);

    Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default);

    /// <summary>All documents whose declared field has a value, in order of their ids.</summary>
    Task<IReadOnlyList<ViewDocument>> FindBy(ViewSchema schema, string field, object value, CancellationToken cancellation = default);

    Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default);
}

/// <param name="Subscription">Its name.</param>
/// <param name="Partition">Its partition, from 0.</param>
/// <param name="From">Where the checkpoint must be.</param>
/// <param name="To">Where it goes.</param>
public sealed record CheckpointMove(string Subscription, int Partition, long From, long To)
{
    /// <summary>Another checkpoint that moves with it: both do, or neither does, and nothing else changes then.</summary>
    public CheckpointMove? Also { get; init; }

    /// <summary>This move and the one that goes with it.</summary>
    public IEnumerable<CheckpointMove> All => Also is null ? [this] : [this, .. Also.All];
}

/// <summary>A change to a document of a view.</summary>
public abstract record DocumentChange(ViewSchema View, string Id)
{
    /// <summary>Writes a document whole.</summary>
    /// <param name="View">The view.</param>
    /// <param name="Id">The document's id.</param>
    /// <param name="Json">UTF-8 JSON.</param>
    public sealed record Put(ViewSchema View, string Id, ReadOnlyMemory<byte> Json) : DocumentChange(View, Id);

    public sealed record Delete(ViewSchema View, string Id) : DocumentChange(View, Id);
}
