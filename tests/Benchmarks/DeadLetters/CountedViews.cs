using Loire.EventLog.Views;

namespace Loire.Benchmarks.DeadLetters;

/// <summary>Counts for each page all that match, and finds them by their fields alone, as all queries of a view did once.</summary>
internal sealed class CountedViews(IViewStore views) : IViewStore
{
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

    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default) =>
        views.Query(schema, query with { CountTotal = true, IdFrom = null, IdTo = null }, cancellation);
}
