using Orleans.Streams;

namespace Loire.Engine.ContractTests.Streams;

public sealed class Subscriptions
{
    [Fact]
    public async Task A_subscription_outlives_the_activation_that_made_it()
    {
        await using var host = await Start();
        var reader = host.Grain<IReaderGrain>("k");
        await reader.Subscribe("k");
        await Read(host, "k").OnNextAsync(1);
        (await host.Signals.Next<int>("k")).ShouldBe(1);
        await reader.End();
        await Read(host, "k").OnNextAsync(2);
        (await host.Signals.Next<int>("k")).ShouldBe(2);
        host.Signals.IsSet("resumed").ShouldBeTrue();
    }

    [Fact]
    public async Task A_grain_lists_its_own_subscriptions_only()
    {
        await using var host = await Start();
        await host.Grain<IReaderGrain>("one").Subscribe("k");
        await host.Grain<IReaderGrain>("two").Subscribe("k");
        (await host.Grain<IReaderGrain>("one").Subscriptions("k")).ShouldBe(1);
        (await host.Grain<IReaderGrain>("three").Subscriptions("k")).ShouldBe(0);
    }

    [Fact]
    public async Task A_grain_that_subscribes_twice_gets_every_item_twice()
    {
        await using var host = await Start();
        await host.Grain<IReaderGrain>("k").Subscribe("k");
        await host.Grain<IReaderGrain>("k").Subscribe("k");
        await Read(host, "k").OnNextAsync(1);
        (await host.Signals.Next<int>("k")).ShouldBe(1);
        (await host.Signals.Next<int>("k")).ShouldBe(1);
    }

    [Fact]
    public async Task A_late_subscriber_gets_the_items_from_then_on()
    {
        await using var host = await Start();
        await host.Grain<IReaderGrain>("early").Subscribe("k");
        await Read(host, "k").OnNextAsync(1);
        (await host.Signals.Next<int>("early")).ShouldBe(1);
        await host.Grain<IReaderGrain>("late").Subscribe("k");
        await Read(host, "k").OnNextAsync(2);
        (await host.Signals.Next<int>("early")).ShouldBe(2);
        (await host.Signals.Next<int>("late")).ShouldBe(2);
    }

    [Fact]
    public async Task Items_run_in_turns_of_the_grain_and_have_rising_tokens()
    {
        await using var host = await Start();
        await host.Grain<IReaderGrain>("k").Subscribe("k");
        for (var i = 1; i <= 3; i++)
        {
            await Read(host, "k").OnNextAsync(i);
            (await host.Signals.Next<bool>("in turn")).ShouldBeTrue();
            (await host.Signals.Next<bool>("newer")).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_request_context_comes_along_with_an_item()
    {
        await using var host = await Start();
        await host.Grain<IReaderGrain>("k").Subscribe("k");
        RequestContext.Set("tenant", "north");
        await Read(host, "k").OnNextAsync(1);
        RequestContext.Clear();
        (await host.Signals.Next<string>("context")).ShouldBe("north");
    }

    [Fact]
    public async Task A_grain_publishes()
    {
        await using var host = await Start();
        await host.Grain<IReaderGrain>("k").Subscribe("k");
        await host.Grain<IReaderGrain>("publisher").Publish("k", 4);
        (await host.Signals.Next<int>("k")).ShouldBe(4);
    }

    [Fact]
    public async Task Whoever_is_no_grain_subscribes_too()
    {
        await using var host = await Start();
        var subscription = await Read(host, "k").SubscribeAsync(new Client(host.Signals));
        await Read(host, "k").OnNextAsync(1);
        (await host.Signals.Next<int>("client")).ShouldBe(1);
        await subscription.UnsubscribeAsync();
    }

    [Fact]
    public async Task Nobody_has_to_listen()
    {
        await using var host = await Start();
        await Read(host, "k").OnNextAsync(1);
        await Read(host, "k").OnNextBatchAsync([2, 3]);
    }

    private static IAsyncStream<int> Read(TestHost host, string key) =>
        host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("read", key));

    private sealed class Client(Signals signals) : IAsyncObserver<int>
    {
        public Task OnNextAsync(int item, StreamSequenceToken? token = null)
        {
            signals.Report("client", item);
            return Task.CompletedTask;
        }

        public Task OnCompletedAsync() => Task.CompletedTask;

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }

    private static Task<TestHost> Start() => StreamContract.Start();
}
