using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Loire.Engine.ContractTests.Streams;

/// <summary>Subscribing with delegates, and from a place in the stream.</summary>
public sealed class Delegates
{
    [Fact]
    public async Task A_grain_subscribes_with_a_delegate()
    {
        await using var host = await StreamContract.Start();
        await host.Grain<IBatchGrain>("reader").Subscribe("k");
        await Batches.Batched(host, "k").OnNextAsync(1);
        (await host.Signals.Next<int>("reader")).ShouldBe(1);
    }

    [Fact]
    public async Task A_grain_resumes_with_a_delegate()
    {
        await using var host = await StreamContract.Start();
        await host.Grain<IBatchGrain>("k").Subscribe("k");
        await host.Grain<IBatchGrain>("k").End();
        await Batches.Batched(host, "k").OnNextAsync(2);
        (await host.Signals.Next<int>("k")).ShouldBe(2);
        host.Signals.IsSet("resumed").ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_is_no_grain_subscribes_with_delegates_and_ends_that()
    {
        await using var host = await StreamContract.Start();
        var stream = Batches.Batched(host, "k");
        await host.Grain<IBatchGrain>("reader").Subscribe("k");
        var subscription = await stream.SubscribeAsync(
            (item, token) =>
            {
                host.Signals.Report("client", item);
                return Task.CompletedTask;
            },
            static _ => Task.CompletedTask,
            static () => Task.CompletedTask);
        await stream.OnNextAsync(1);
        (await host.Signals.Next<int>("client")).ShouldBe(1);
        (await host.Signals.Next<int>("reader")).ShouldBe(1);
        await subscription.UnsubscribeAsync();
        await stream.OnNextAsync(2);
        (await host.Signals.Next<int>("reader")).ShouldBe(2);
        host.Signals.Count("client").ShouldBe(0);
    }

    [Fact]
    public async Task Batches_come_item_by_item_where_items_are_taken()
    {
        await using var host = await StreamContract.Start();
        await host.Grain<IBatchGrain>("reader").Subscribe("k");
        await Batches.Batched(host, "k").OnNextBatchAsync([1, 2, 3]);
        for (var i = 1; i <= 3; i++)
        {
            (await host.Signals.Next<int>("reader")).ShouldBe(i);
        }
    }

    [Fact]
    public async Task Two_names_of_one_stream_are_equal()
    {
        await using var host = await StreamContract.Start();
        Batches.Batched(host, "k").Equals(Batches.Batched(host, "k")).ShouldBeTrue();
        Batches.Batched(host, "k").Equals(Batches.Batched(host, "l")).ShouldBeFalse();
        Batches.Batched(host, "k").CompareTo(Batches.Batched(host, "k")).ShouldBe(0);
    }

    [Fact]
    public async Task No_place_means_from_now_on()
    {
        await using var host = await StreamContract.Start();
        var stream = Batches.Batched(host, "k");
        await stream.SubscribeAsync(new Reporter(host.Signals), token: null);
        await stream.OnNextAsync(1);
        (await host.Signals.Next<int>("reporter")).ShouldBe(1);
    }

    // A provider that cannot go back has to say so, and not to pretend.
    [Fact]
    public async Task A_place_is_gone_back_to_or_refused()
    {
        await using var host = await StreamContract.Start();
        var stream = Batches.Batched(host, "k");
        var places = new Reporter(host.Signals);
        await stream.SubscribeAsync(places);
        for (var i = 1; i <= 3; i++)
        {
            await stream.OnNextAsync(i);
            (await host.Signals.Next<int>("reporter")).ShouldBe(i);
        }

        var second = (EventSequenceToken)places.Tokens[1];
        stream.IsRewindable.ShouldBe(host.Client.GetStreamProvider("memory").IsRewindable);
        if (stream.IsRewindable)
        {
            await host.Grain<IBatchGrain>("late").SubscribeFrom("k", second.SequenceNumber);
            (await host.Signals.Next<int>("late")).ShouldBe(2);
            (await host.Signals.Next<int>("late")).ShouldBe(3);
        }
        else
        {
            await Should.ThrowAsync<ArgumentException>(() => host.Grain<IBatchGrain>("late").SubscribeFrom("k", second.SequenceNumber));
            await stream.OnNextAsync(4);
            (await host.Signals.Next<int>("reporter")).ShouldBe(4);
            host.Signals.Count("late").ShouldBe(0);
        }
    }

    private sealed class Reporter(Signals signals) : IAsyncObserver<int>
    {
        public List<StreamSequenceToken> Tokens { get; } = [];

        public Task OnNextAsync(int item, StreamSequenceToken? token = null)
        {
            Tokens.Add(token!);
            signals.Report("reporter", item);
            return Task.CompletedTask;
        }

        public Task OnCompletedAsync() => Task.CompletedTask;

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}
