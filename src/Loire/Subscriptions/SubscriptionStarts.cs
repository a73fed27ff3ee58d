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

        if (await Kept(subscription, cancellation) is { } known)
        {
            return known;
        }

        var end = (await log.ReadAll(log.Head, LogFilter.All, limit: 1, cancellation)).Head;
        await store.Commit(new CheckpointMove(NameOf(subscription), 0, From: 0, To: end + 1), []);

        // If it was not committed, somebody else has been first.
        return await Kept(subscription, cancellation) ?? throw new InvalidOperationException($"{subscription.Name} has no start.");
    }

    /// <summary>As <see cref="Of"/>, but nothing is kept that was not kept before: 0 then.</summary>
    public async Task<long> Known(SubscriptionDefinition subscription, CancellationToken cancellation) =>
        subscription.StartFrom == StartFrom.Beginning ? 0 : await Kept(subscription, cancellation) ?? 0;

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

    // Kept plus one, since an empty log may be where it begins, and 0 says that nothing is kept.
    private async Task<long?> Kept(SubscriptionDefinition subscription, CancellationToken cancellation) =>
        await store.Checkpoint(NameOf(subscription), 0, cancellation) is > 0 and var kept ? kept - 1 : null;

    private static string NameOf(SubscriptionDefinition subscription) => $"{subscription.Name}/start";

    [LoggerMessage(LogLevel.Warning, "The store does not say yet where subscriptions begin")]
    private partial void LogLater(Exception e);
}
