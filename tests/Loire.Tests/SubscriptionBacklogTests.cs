using System.Collections.Concurrent;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests;

public sealed class SubscriptionBacklogTests
{
    private const int Batches = 20;

    [Fact]
    public async Task A_subscription_with_many_batches_behind_it_takes_them_as_one()
    {
        var slow = new Slow();
        await using var cluster = await LoireTestCluster.Start(loire =>
        {
            loire.AddCommerce();
            loire.Services.AddSingleton(new SubscriptionDefinition("slow", "test", Partitions: 1, LogFilter.All, () => slow));
        });
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Zero));
        await slow.Handling.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        for (var n = 0; n < Batches; n++)
        {
            // Each goes out by itself, as the others show.
            await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)));
            await cluster.Reached("accounts@1");
        }

        slow.GoOn();
        await cluster.Reached("slow");

        slow.Sizes.Sum().ShouldBe(1 + Batches);
        slow.Sizes.Count.ShouldBeLessThanOrEqualTo(4);
    }

    /// <summary>Stands still at its first batch until it is told to go on.</summary>
    private sealed class Slow : ISubscriptionHandler
    {
        private readonly TaskCompletionSource _handling = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Handling => _handling.Task;

        /// <summary>How many events each batch had.</summary>
        public ConcurrentQueue<int> Sizes { get; } = [];

        public void GoOn() => _released.SetResult();

        public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

        public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
        {
            Sizes.Enqueue(events.Count);
            _handling.TrySetResult();
            await _released.Task.WaitAsync(cancellation);
            return [];
        }

        public void Committed()
        {
            // It keeps nothing.
        }
    }
}
