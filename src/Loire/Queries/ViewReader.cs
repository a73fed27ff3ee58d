using Loire.EventLog.Views;
using Loire.Subscriptions;

namespace Loire.Queries;

/// <summary>Reads views, if asked to not before they have reached a position.</summary>
public sealed class ViewReader(IViewStore store, IGrainFactory grains)
{
    /// <summary>Waits until a view has reached a position: with the position of a command's receipt, one reads one's own writes.</summary>
    /// <returns><see langword="false"/> when the view did not reach it in time.</returns>
    public Task<bool> WaitUntil(ViewSchema view, long position, TimeSpan timeout) =>
        grains.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(view.StoreName, 0)).WaitUntil(position, timeout);

    public async Task<ViewDocument?> Find(ViewSchema view, string id, CancellationToken cancellation)
    {
        await store.Define(view, cancellation);
        return await store.Find(view, id, cancellation);
    }

    /// <exception cref="InvalidCursorException">The cursor belongs to another query.</exception>
    public async Task<ViewPage> Query(ViewSchema view, ViewQuery query, CancellationToken cancellation)
    {
        await store.Define(view, cancellation);
        return await store.Query(view, query, cancellation);
    }
}
