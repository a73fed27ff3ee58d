using Loire.EventLog.Views;

namespace Loire.Testing.Tests.Queries;

/// <summary>Counts the pages that are read from a store.</summary>
internal sealed class CountingViews(IViewStore views) : IViewStore
{
    private int _pages;

    public int Pages => _pages;

    public Task Define(ViewSchema schema, CancellationToken cancellation = default) => views.Define(schema, cancellation);

    public Task Drop(ViewSchema schema, CancellationToken cancellation = default) => views.Drop(schema, cancellation);

    public Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default) =>
        views.Checkpoint(subscription, partition, cancellation);

    public Task<string> Stamp(string subscription, CancellationToken cancellation = default) => views.Stamp(subscription, cancellation);

    public Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) => views.Commit(move, changes);

    public Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default) =>
        views.Find(schema, id, cancellation);

    public Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default) =>
        views.FindBy(schema, field, value, cancellation);

    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref _pages);
        return views.Query(schema, query, cancellation);
    }
}
