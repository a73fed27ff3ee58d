using Orleans.Streams;

namespace Loire.Engine.ContractTests.Streams;

public sealed class StreamContract
{
    [Fact]
    public async Task An_item_activates_the_grain_that_is_subscribed_by_its_attribute()
    {
        await using var host = await Start();
        await Numbers(host, "k").OnNextAsync(1);
        (await host.Signals.Next<string>("subscribed")).ShouldBe("k");
        (await host.Signals.Next<int>("k")).ShouldBe(1);
    }

    [Fact]
    public async Task Items_arrive_in_order()
    {
        await using var host = await Start();
        var stream = Numbers(host, "k");
        for (var i = 1; i <= 500; i++)
        {
            await stream.OnNextAsync(i);
        }

        for (var i = 1; i <= 500; i++)
        {
            (await host.Signals.Next<int>("k")).ShouldBe(i);
        }
    }

    [Fact]
    public async Task A_batch_arrives_in_order()
    {
        await using var host = await Start();
        await Numbers(host, "k").OnNextBatchAsync([1, 2, 3]);
        for (var i = 1; i <= 3; i++)
        {
            (await host.Signals.Next<int>("k")).ShouldBe(i);
        }
    }

    [Fact]
    public async Task Streams_do_not_mix()
    {
        await using var host = await Start();
        await Numbers(host, "one").OnNextAsync(1);
        await Numbers(host, "two").OnNextAsync(2);
        (await host.Signals.Next<int>("one")).ShouldBe(1);
        (await host.Signals.Next<int>("two")).ShouldBe(2);
    }

    [Fact]
    public async Task An_item_is_delivered_again_to_a_consumer_that_throws()
    {
        await using var host = await Start();
        await Numbers(host, "k").OnNextAsync(-1);
        await Numbers(host, "k").OnNextAsync(2);
        (await host.Signals.Next<int>("k")).ShouldBe(-1);
        (await host.Signals.Next<int>("k")).ShouldBe(2);
        host.Signals.Count("failed").ShouldBe(2);
    }

    [Fact]
    public async Task A_slow_consumer_holds_up_no_other()
    {
        await using var host = await Start();
        await Numbers(host, "slow").OnNextAsync(0);
        await host.Signals.Wait("blocked");
        await Numbers(host, "quick").OnNextAsync(1);
        (await host.Signals.Next<int>("quick")).ShouldBe(1);
        host.Signals.Set("unblock");
        (await host.Signals.Next<int>("slow")).ShouldBe(0);
    }

    [Fact]
    public async Task A_deactivated_consumer_is_subscribed_again()
    {
        await using var host = await Start();
        await Numbers(host, "k").OnNextAsync(1);
        await host.Signals.Next<int>("k");
        await host.Grain<IConsumerGrain>("k").End();
        await Numbers(host, "k").OnNextAsync(2);
        (await host.Signals.Next<int>("k")).ShouldBe(2);
    }

    [Fact]
    public async Task A_grain_subscribes_and_unsubscribes()
    {
        await using var host = await Start();
        var stream = host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("others", "k"));
        await host.Grain<ISubscriberGrain>("s").Subscribe("k");
        await host.Grain<ISubscriberGrain>("t").Subscribe("k");
        await stream.OnNextAsync(1);
        (await host.Signals.Next<int>("s")).ShouldBe(1);
        (await host.Signals.Next<int>("t")).ShouldBe(1);
        await host.Grain<ISubscriberGrain>("s").Unsubscribe();
        await stream.OnNextAsync(2);
        (await host.Signals.Next<int>("t")).ShouldBe(2);
        host.Signals.Count("s").ShouldBe(0);
    }

    private static IAsyncStream<int> Numbers(TestHost host, string key) =>
        host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", key));

    internal static Task<TestHost> Start() => TestHost.Start(silo => silo
        .AddMemoryGrainStorage("PubSubStore")
        .AddMemoryStreams("memory", streams => streams.ConfigurePullingAgent(
            agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)))));
}
