using Orleans.Streams;

namespace Loire.Engine.ContractTests.Streams;

public sealed class Batches
{
    [Fact]
    public async Task Items_that_are_published_together_arrive_together_where_batches_are_taken()
    {
        await using var host = await StreamContract.Start();
        await host.Grain<IBatchGrain>("batches").SubscribeBatches("k");
        await Batched(host, "k").OnNextBatchAsync([1, 2, 3]);
        await Batched(host, "k").OnNextAsync(4);
        (await Values(host, "batches")).ShouldBe([1, 2, 3]);
        (await Values(host, "batches")).ShouldBe([4]);
    }

    [Fact]
    public async Task Each_item_of_a_batch_has_its_place()
    {
        await using var host = await StreamContract.Start();
        await host.Grain<IBatchGrain>("batches").SubscribeBatches("k");
        await Batched(host, "k").OnNextBatchAsync([1, 2, 3]);
        var items = await host.Signals.Next<IList<SequentialItem<int>>>("batches");
        items[1].Token.CompareTo(items[0].Token).ShouldBeGreaterThan(0);
        items[2].Token.CompareTo(items[1].Token).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_grain_that_is_subscribed_by_its_attribute_takes_batches()
    {
        await using var host = await StreamContract.Start();
        await Implicit(host, "k").OnNextBatchAsync([1, 2]);
        (await Values(host, "k")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_batch_is_delivered_again_as_a_whole_to_a_consumer_that_throws()
    {
        await using var host = await StreamContract.Start();
        await Implicit(host, "k").OnNextBatchAsync([-1, 2]);
        await Implicit(host, "k").OnNextAsync(3);
        (await Values(host, "k")).ShouldBe([-1, 2]);
        (await Values(host, "k")).ShouldBe([3]);
        (await Values(host, "failed")).ShouldBe([-1, 2]);
        (await Values(host, "failed")).ShouldBe([-1, 2]);
        host.Signals.Count("failed").ShouldBe(0);
    }

    [Fact]
    public async Task A_subscription_to_batches_outlives_the_activation_that_made_it()
    {
        await using var host = await StreamContract.Start();
        var grain = host.Grain<IBatchGrain>("batches");
        await grain.SubscribeBatches("batches");
        await grain.End();
        await Batched(host, "batches").OnNextBatchAsync([5, 6]);
        (await Values(host, "batches")).ShouldBe([5, 6]);
        host.Signals.IsSet("resumed").ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_is_no_grain_takes_batches_too()
    {
        await using var host = await StreamContract.Start();
        var subscription = await Batched(host, "k").SubscribeAsync((IList<SequentialItem<int>> items) =>
        {
            host.Signals.Report("client", items);
            return Task.CompletedTask;
        });
        await Batched(host, "k").OnNextBatchAsync([1, 2]);
        (await Values(host, "client")).ShouldBe([1, 2]);
        await subscription.UnsubscribeAsync();
    }

    [Fact]
    public async Task A_batch_without_items_is_none()
    {
        await using var host = await StreamContract.Start();
        await host.Grain<IBatchGrain>("batches").SubscribeBatches("k");
        await Batched(host, "k").OnNextBatchAsync([]);
        await Batched(host, "k").OnNextAsync(1);
        (await Values(host, "batches")).ShouldBe([1]);
    }

    internal static IAsyncStream<int> Batched(TestHost host, string key) =>
        host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("batched", key));

    private static IAsyncStream<int> Implicit(TestHost host, string key) =>
        host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("implicit-batches", key));

    private static async Task<IEnumerable<int>> Values(TestHost host, string name) =>
        (await host.Signals.Next<IList<SequentialItem<int>>>(name)).Select(item => item.Item);
}
