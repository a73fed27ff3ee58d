#if !ORLEANS
using Loire.Engine.ContractTests.Calls;
using Loire.Engine.ContractTests.Streams;
using Orleans.Configuration;
using Orleans.Streams;

namespace Loire.Engine.ContractTests.Embedded;

public sealed class StreamEnds
{
    [Fact]
    public async Task The_end_of_a_stream_reaches_those_who_take_items_and_those_who_take_batches()
    {
        await using var host = await StreamContract.Start();
        var stream = Batches.Batched(host, "k");
        await stream.SubscribeAsync((int _, StreamSequenceToken? _) => Task.CompletedTask, Failed("items"), Completed("items"));
        await stream.SubscribeAsync((IList<SequentialItem<int>> _) => Task.CompletedTask, Failed("batches"), Completed("batches"));
        await stream.OnErrorAsync(new InvalidOperationException("cut"));
        await stream.OnCompletedAsync();
        foreach (var name in (string[])["items", "batches"])
        {
            (await host.Signals.Next<string>(name)).ShouldBe("cut");
            (await host.Signals.Next<string>(name)).ShouldBe("completed");
        }

        Func<Exception, Task> Failed(string name) => failure =>
        {
            host.Signals.Report(name, failure.Message);
            return Task.CompletedTask;
        };

        Func<Task> Completed(string name) => () =>
        {
            host.Signals.Report(name, "completed");
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task Who_fails_on_an_item_of_a_batch_gets_that_one_again_and_none_before_it()
    {
        await using var host = await StreamContract.Start();
        await host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "k")).OnNextBatchAsync([1, -2, 3]);
        for (var failure = 0; failure < 2; failure++)
        {
            (await host.Signals.Next<int>("failed")).ShouldBe(-2);
        }

        foreach (var item in (int[])[1, -2, 3])
        {
            (await host.Signals.Next<int>("k")).ShouldBe(item);
        }
    }

    [Fact]
    public async Task Streams_do_not_go_back()
    {
        await using var host = await StreamContract.Start();
        host.Client.GetStreamProvider("memory").IsRewindable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_callee_whose_caller_cannot_cancel_is_cancelled_too_when_the_caller_waits_no_longer()
    {
        await using var host = await TestHost.Start(
            silo => silo.Configure<SiloMessagingOptions>(options => options.CancelRequestOnTimeout = true));
        await Should.ThrowAsync<TimeoutException>(() => host.Grain<ICancelGrain>().Linger("work", CancellationToken.None));
        (await host.Signals.Next<bool>("lingered")).ShouldBeTrue();
    }
}
#endif
