using Loire.EventLog.Views;

namespace Loire.Testing.Simulation;

/// <summary>The same for views.</summary>
internal sealed class RemoteViews(IViewStore views, SimulatedProcess store) : IViewStore
{
    public Task Define(ViewSchema schema, CancellationToken cancellation = default) =>
        store.Start(() => views.Define(schema, cancellation));

    public Task Drop(ViewSchema schema, CancellationToken cancellation = default) =>
        store.Start(() => views.Drop(schema, cancellation));

    public Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default) =>
        store.Start(() => views.Checkpoint(subscription, partition, cancellation));

    public Task<string> Stamp(string subscription, CancellationToken cancellation = default) =>
        store.Start(() => views.Stamp(subscription, cancellation));

    public Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) => store.Start(() => views.Commit(move, changes));

    public Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default) =>
        store.Start(() => views.Find(schema, id, cancellation));

    public Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default) =>
        store.Start(() => views.FindBy(schema, field, value, cancellation));

    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default) =>
        store.Start(() => views.Query(schema, query, cancellation));
}
