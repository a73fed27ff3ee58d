using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>Any store of views, with a schedule.</summary>
internal sealed class FaultyViews(IViewStore views, IStoreSchedule faults) : IViewStore
{
    public Task Define(ViewSchema schema, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.Define,
        schema.StoreName,
        async () =>
        {
            await views.Define(schema, cancellation);
            return true;
        },
        cancellation);

    public Task Drop(ViewSchema schema, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.Drop,
        schema.StoreName,
        async () =>
        {
            await views.Drop(schema, cancellation);
            return true;
        },
        cancellation);

    public Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.ReadCheckpoint, subscription, () => views.Checkpoint(subscription, partition, cancellation), cancellation);

    public Task<string> Stamp(string subscription, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.ReadCheckpoint, subscription, () => views.Stamp(subscription, cancellation), cancellation);

    public Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) => faults.Around(
        StoreOperationKind.CommitView, move.Subscription, () => views.Commit(move, changes), CancellationToken.None);

    public Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.FindDocument, schema.StoreName, () => views.Find(schema, id, cancellation), cancellation);

    public Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.FindDocumentsBy, schema.StoreName, () => views.FindBy(schema, field, value, cancellation), cancellation);

    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default) => faults.Around(
        StoreOperationKind.QueryView, schema.StoreName, () => views.Query(schema, query, cancellation), cancellation);
}
