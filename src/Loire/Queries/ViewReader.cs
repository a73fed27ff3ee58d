using System.Collections.Concurrent;
using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Queries;

/// <summary>Reads views, if asked to not before they have reached a position.</summary>
public sealed class ViewReader(IViewStore store, IGrainFactory grains)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ViewField>> _ready = new();

    /// <summary>Waits until a view has reached a position: with the position of a command's receipt, one reads one's own writes.</summary>
    /// <returns><see langword="false"/> when the view did not reach it in time.</returns>
    public Task<bool> WaitUntil(ViewSchema view, long position, TimeSpan timeout) =>
        grains.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(view.StoreName, 0)).WaitUntil(position, timeout);

    public async Task<ViewDocument?> Find(ViewSchema view, string id, CancellationToken cancellation)
    {
        await Prepare(view, cancellation);
        return await store.Find(view, id, cancellation);
    }

    /// <exception cref="InvalidCursorException">The cursor belongs to another query.</exception>
    public async Task<ViewPage> Query(ViewSchema view, ViewQuery query, CancellationToken cancellation)
    {
        await Prepare(view, cancellation);
        return await store.Query(view, query, cancellation);
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
}
