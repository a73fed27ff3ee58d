using Loire.EventLog;
using Loire.EventLog.Views;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Subscriptions;

/// <summary>
/// Keeps where each subscription began that starts at the end of the log. A checkpoint of 0 cannot tell: it may belong to one
/// that has not been handed anything yet.
/// </summary>
internal sealed partial class SubscriptionStarts(
    SubscriptionRegistry registry, IEventLog log, IViewStore store, ILogger<SubscriptionStarts> logger) : IHostedService
{
    /// <summary>The position after which a subscription begins; asked for the first time, it is the end of the log.</summary>
    public async Task<long> Of(SubscriptionDefinition subscription, CancellationToken cancellation)
    {
        if (subscription.StartFrom == StartFrom.Beginning)
        {
            return 0;
        }

        // Kept plus one, since an empty log may be where it begins, and 0 says that nothing is kept.
        var name = $"{subscription.Name}/start";
        if (await store.Checkpoint(name, 0, cancellation) is > 0 and var known)
        {
            return known - 1;
        }

        var end = (await log.ReadAll(log.Head, LogFilter.All, limit: 1, cancellation)).Head;
        return await store.Commit(new CheckpointMove(name, 0, From: 0, To: end + 1), [])
            ? end
            : await store.Checkpoint(name, 0, cancellation) - 1;
    }

    /// <summary>Before anybody appends through this silo, so that nothing of what comes is missed.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var subscription in registry.All)
            {
                await Of(subscription, cancellationToken);
            }
        }
        catch (StoreUnavailableException e)
        {
            // A store that takes no writes takes no events either. The subscriptions ask again when they begin.
            LogLater(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The store does not say yet where subscriptions begin")]
    private partial void LogLater(Exception e);
}
