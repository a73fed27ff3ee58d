using Loire.Monitoring;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Monitoring;

internal static class Watch
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<SubscriptionHealth> HealthOf(this LoireTestCluster cluster, string subscription) =>
        (await cluster.Services.GetRequiredService<SubscriptionOverview>().Read(TestContext.Current.CancellationToken))
        .Single(s => s.Definition.Name == subscription);

    /// <summary>Reports come once a second: reads until one says what is waited for.</summary>
    public static async Task<SubscriptionHealth> HealthOf(
        this LoireTestCluster cluster, string subscription, Func<SubscriptionHealth, bool> holds)
    {
        using var limit = new CancellationTokenSource(cluster.Limit);
        SubscriptionHealth health;
        while (!holds(health = await cluster.HealthOf(subscription)))
        {
            limit.IsCancellationRequested.ShouldBeFalse($"It stayed {health.Partitions[0]}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        return health;
    }
}
