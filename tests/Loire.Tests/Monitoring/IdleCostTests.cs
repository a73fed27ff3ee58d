#if !ORLEANS
using Commerce;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Monitoring;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Monitoring;

/// <summary>
/// Counts the processor time of this process, so nothing else may run in it. Orleans asks its streams for batches a hundred
/// times a second, which takes more than all that is counted here.
/// </summary>
[CollectionDefinition(nameof(IdleCostTests), DisableParallelization = true)]
[Collection(nameof(IdleCostTests))]
public sealed class IdleCostTests
{
    private const double Bound = 0.05;

    [Fact]
    public async Task Two_hundred_subscriptions_at_rest_take_less_than_a_twentieth_of_a_core()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire =>
            {
                loire.AddCommerce();
                for (var i = 0; i < 200; i++)
                {
                    var name = $"idle-{i}";
                    loire.Services.AddSingleton(_ => new SubscriptionDefinition(name, "test", 1, LogFilter.All, () => new Nothing()));
                }
            },
            new LoireTestClusterOptions { Store = TestStore.Sqlite() });

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => cluster.HealthOf($"idle-{i}", s => s.State == SubscriptionState.Ok)));

        // What other tests have left to compile and to collect comes on top, and ends: the least of several stretches is what the subscriptions take.
        var share = double.MaxValue;
        for (var stretch = 0; stretch < 10 && share >= Bound; stretch++)
        {
            share = Math.Min(share, await ShareOf(TimeSpan.FromSeconds(4)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{share:P2} of one core");
        share.ShouldBeLessThan(Bound);
    }

    private static async Task<double> ShareOf(TimeSpan stretch)
    {
        var (before, began) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        await Task.Delay(stretch, TestContext.Current.CancellationToken);
        return (Environment.CpuUsage.TotalTime - before) / TimeProvider.System.GetElapsedTime(began);
    }

    private sealed class Nothing : ISubscriptionHandler
    {
        public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

        public Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<DocumentChange>>([]);

        public void Committed()
        {
            // Nothing to forget.
        }
    }
}
#endif
