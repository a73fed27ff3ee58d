using System.Collections.Concurrent;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Subscriptions;
using Microsoft.Extensions.Options;

namespace Loire.Queries;

/// <summary>
/// Reads views in their live generation, if asked to not before they have reached a position. For up to half a second after
/// another generation has taken over, documents may be read as they were at that moment, unless one has waited for a position.
/// </summary>
public sealed class ViewReader(
    IViewStore store, IGrainFactory grains, ViewRegistry views, TimeProvider time, IOptions<QueryOptions>? options = null)
{
    private readonly LiveGenerations _live = new(store, time);
    private readonly PageCache _pages = new(store, time, options ?? Options.Create(new QueryOptions()));
    private readonly ConcurrentDictionary<string, IReadOnlyList<ViewField>> _ready = new();
    private readonly ConcurrentDictionary<(string View, int Generation), ViewSchema> _current = new();

    /// <summary>Waits until a view has reached a position: with the position of a command's receipt, one reads one's own writes.</summary>
    /// <returns><see langword="false"/> when the view did not reach it in time.</returns>
    public async Task<bool> WaitUntil(ViewSchema view, long position, TimeSpan timeout)
    {
        if (views.ProjectionNamed(view.Name) is not { } projection)
        {
            return await grains.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(view.StoreName, 0)).WaitUntil(position, timeout);
        }

        var reached = await Task.WhenAll(Enumerable.Range(0, projection.Partitions).Select(partition =>
            grains.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(projection.View.StoreName, partition)).Reached(position, timeout)));
        if (reached.Contains(null))
        {
            return false;
        }

        // The one that is read must be the one that was waited for, or a later one.
        var known = await _live.Of(projection.View.Name, fresh: false, CancellationToken.None);
        if (known is null || reached.Any(checkpoint => checkpoint != known.Live.CheckpointName))
        {
            await _live.Of(projection.View.Name, fresh: true, CancellationToken.None);
        }

        return true;
    }

    /// <summary>A view as it can be read now: while a new version of it is filled, as the version before declared it.</summary>
    public async Task<ViewSchema> Live(ViewSchema view, CancellationToken cancellation) =>
        (await Table(view, fresh: false, cancellation))?.Schema ?? view;

    public Task<ViewDocument?> Find(ViewSchema view, string id, CancellationToken cancellation) =>
        Read(view, table => store.Find(table.Schema, id, cancellation), cancellation);

    /// <summary>All documents whose declared field has a value, in order of their ids.</summary>
    public async Task<IReadOnlyList<ViewDocument>> FindBy(ViewSchema view, string field, object value, CancellationToken cancellation) =>
        await Read(view, async table => await store.FindBy(table.Schema, field, value, cancellation), cancellation) ?? [];

    /// <exception cref="InvalidCursorException">The cursor belongs to another query.</exception>
    public Task<ViewPage> Query(ViewSchema view, ViewQuery query, CancellationToken cancellation) =>
        Query(view, query, keep: true, cancellation);

    /// <summary>As <see cref="Query(ViewSchema, ViewQuery, CancellationToken)"/>.</summary>
    /// <param name="view">The view.</param>
    /// <param name="query">The query.</param>
    /// <param name="keep">Whether its page may be kept: not where nobody will ask the same again.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task<ViewPage> Query(ViewSchema view, ViewQuery query, bool keep, CancellationToken cancellation)
    {
        var page = await Read(view, table => Page(table, query, keep, cancellation), cancellation) ?? new ViewPage([], 0, Next: null, 0);
        if (ClosedCheckpoint.IsClosed(page.Position))
        {
            // Another generation has taken over, or will in a moment.
            await Table(view, fresh: true, cancellation);
            page = await Read(view, table => Page(table, query, keep, cancellation), cancellation) ?? page;
        }

        return page with { Position = ClosedCheckpoint.PositionOf(page.Position) };
    }

    // Where a generation has been dropped, another is the live one: once more, there.
    private async Task<T?> Read<T>(ViewSchema view, Func<LiveTable, Task<T?>> read, CancellationToken cancellation)
        where T : class
    {
        var table = await Table(view, fresh: false, cancellation);
        try
        {
            return table is null ? null : await read(table);
        }
        catch (Exception e) when (e is not (StoreUnavailableException or OperationCanceledException or ArgumentException or InvalidCursorException))
        {
            var other = await Table(view, fresh: true, cancellation);
            if (other is null || other.Schema.StoreName == table!.Schema.StoreName)
            {
                throw;
            }

            return await read(other);
        }
    }

    private async Task<ViewPage?> Page(LiveTable table, ViewQuery query, bool keep, CancellationToken cancellation) => (table.Generation, keep) switch
    {
        ({ } live, true) => await _pages.Read(
            table.Schema, live.CheckpointName, query, () => ReadPage(table, live, query, cancellation), cancellation),
        ({ } live, false) => await ReadPage(table, live, query, cancellation),
        _ => await store.Query(table.Schema, query, cancellation),
    };

    private async Task<ViewPage> ReadPage(LiveTable table, Generation live, ViewQuery query, CancellationToken cancellation)
    {
        if (live.Partitions == 1 && table.Schema.StoreName == live.CheckpointName)
        {
            return await store.Query(table.Schema, query, cancellation);
        }

        // Before the documents, which are then not older.
        var checkpoints = await Task.WhenAll(Enumerable.Range(0, live.Partitions).Select(partition =>
            store.Checkpoint(live.CheckpointName, partition, cancellation)));
        var position = checkpoints.Min(ClosedCheckpoint.PositionOf);
        var page = await store.Query(table.Schema, query, cancellation);
        return page with { Position = Array.Exists(checkpoints, ClosedCheckpoint.IsClosed) ? ClosedCheckpoint.Close(position) : position };
    }

    /// <returns><see langword="null"/> when the version that can be read has no such view.</returns>
    private async ValueTask<LiveTable?> Table(ViewSchema view, bool fresh, CancellationToken cancellation)
    {
        var projection = views.ProjectionNamed(view.Name);
        var live = projection is null ? null : (await _live.Of(projection.View.Name, fresh, cancellation))?.Live;
        if (live is null)
        {
            await Prepare(view, cancellation);
            return new LiveTable(view, Generation: null);
        }

        if (live.Version != projection!.Version)
        {
            return live.Table(view.Name) is { } table ? new LiveTable(table, live) : null;
        }

        // The code may have declared more fields since the generation was begun.
        var current = _current.GetOrAdd((view.Name, live.Number), _ => view.InGeneration(live.Number));
        await Prepare(current, cancellation);
        return new LiveTable(current, live);
    }

    // Once for each process: to ask the store each time is to wait for its writer, or for another round trip.
    private async ValueTask Prepare(ViewSchema view, CancellationToken cancellation)
    {
        if (!_ready.TryGetValue(view.StoreName, out var fields) || !ReferenceEquals(fields, view.Fields))
        {
            await store.Define(view, cancellation);
            _ready[view.StoreName] = view.Fields;
        }
    }

    private sealed record LiveTable(ViewSchema Schema, Generation? Generation);
}
