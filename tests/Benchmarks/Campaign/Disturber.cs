using Loire.EventLog;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;

namespace Loire.Benchmarks.Campaign;

/// <summary>Sends batches that were sent before, that overlap, and that leave out what comes before them.</summary>
internal sealed class Disturber(IServiceProvider services, SubscriptionRegistry registry, IEventLog log) : BackgroundService
{
    private static int s_sent;

    public static int Sent => s_sent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var provider = services.GetRequiredKeyedService<IStreamProvider>(SubscriptionBatch.StreamProvider);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Random.Shared.Next(50, 300), stoppingToken);
                await Disturb(provider, registry.All[Random.Shared.Next(registry.All.Count)], stoppingToken);
            }
            catch (Exception e) when (e is StoreUnavailableException or OrleansException or OperationCanceledException)
            {
                // The store or the silo is being ended, which is what a campaign is for.
                await Task.Yield();
            }
        }
    }

    private async Task Disturb(IStreamProvider provider, SubscriptionDefinition subscription, CancellationToken stopping)
    {
        var partition = Random.Shared.Next(subscription.Partitions);
        var head = log.Head;
        var from = Math.Max(0, head - Random.Shared.Next(1, 5_000));
        var page = await log.ReadAll(from, subscription.FilterOf(partition), Random.Shared.Next(1, 1_000), stopping);
        var batch = Random.Shared.Next(3) == 0
            ? new SubscriptionBatch(head, head, [])
            : new SubscriptionBatch(from, page.Through, [.. page.Events.Where(e => subscription.Wants(e, partition))]);
        await provider.GetStream<SubscriptionBatch>(StreamId.Create(SubscriptionBatch.StreamNamespace, $"{subscription.Name}/{partition}"))
            .OnNextAsync(batch)
            .WaitAsync(TimeSpan.FromSeconds(5), stopping);
        Interlocked.Increment(ref s_sent);
    }
}
