#if !ORLEANS
using Loire.Engine.ContractTests.Activation;
using Loire.Engine.ContractTests.Calls;
using Loire.Engine.ContractTests.Reminders;
using Loire.Engine.ContractTests.Timers;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Loire.Engine.ContractTests.Embedded;

/// <summary>What the embedded engine does on top of the contract.</summary>
public sealed class EmbeddedOnly
{
    [Fact]
    public async Task All_time_comes_from_the_time_provider()
    {
        var time = new ManualTime();
        await using var host = await TestHost.Start(silo =>
        {
            silo.Services.AddSingleton<TimeProvider>(time);
            silo.UseInMemoryReminderService();
        });
        await host.Grain<IReminderGrain>().Remind("pay", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromMinutes(59));
        host.Signals.Count("reminded").ShouldBe(0);
        time.Advance(TimeSpan.FromMinutes(1));
        (await host.Signals.Next<string>("reminded")).ShouldBe("pay");
    }

    [Fact]
    public async Task Idle_grains_are_collected_as_time_passes()
    {
        var time = new ManualTime();
        await using var host = await TestHost.Start(silo => silo.Services.AddSingleton<TimeProvider>(time));
        await host.Grain<ILifeGrain>().Incarnation();
        time.Advance(TimeSpan.FromMinutes(14));
        host.Signals.IsSet("deactivating").ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(3));
        (await host.Signals.Next<DeactivationReasonCode>("deactivated")).ShouldBe(DeactivationReasonCode.ActivationIdle);
    }

    [Fact]
    public async Task The_end_of_its_grain_cancels_the_tick_that_runs()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IChangingTimerGrain>();
        await grain.BeginAndWaitForDisposal();
        await host.Signals.Wait("ticking");
        await grain.End();
        await host.Signals.Wait("cancelled");
        await grain.End();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_does_not_begin()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ICancelGrain>();
        var holding = grain.Hold("release");
        await host.Signals.Wait("holding");
        using var cancellation = new CancellationTokenSource();
        var waiting = grain.Ignore("work", cancellation.Token);
        var next = grain.IsCancelled(CancellationToken.None);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        host.Signals.Set("release");
        await holding;
        await next;
        host.Signals.IsSet("began work").ShouldBeFalse();
    }

    [Fact]
    public async Task A_full_mailbox_refuses_calls()
    {
        await using var host = await TestHost.Start(silo => silo.Configure<SiloMessagingOptions>(
            options => options.MaxEnqueuedRequestsHardLimit = 2));
        var grain = host.Grain<ICallGrain>();
        var running = grain.WaitFor("go");
        await host.Signals.Wait("waiting for go");
        var waiting = new[] { grain.Add(1).AsTask(), grain.Add(1).AsTask() };
        await Should.ThrowAsync<LimitExceededException>(() => grain.Add(1).AsTask());
        host.Signals.Set("go");
        await running;
        (await Task.WhenAll(waiting)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Items_of_streams_have_to_be_immutable()
    {
        await using var host = await TestHost.Start(silo => silo.AddMemoryStreams("memory"));
        Should.Throw<OrleansConfigurationException>(
            () => host.Client.GetStreamProvider("memory").GetStream<List<int>>(StreamId.Create("numbers", "k")));
    }

    [Fact]
    public async Task A_full_stream_makes_its_producer_wait_for_a_limited_time()
    {
        await using var host = await TestHost.Start(silo => silo.AddMemoryStreams("memory")
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromMilliseconds(500)));
        var stream = host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "k"));
        await stream.OnNextAsync(0);
        await host.Signals.Wait("blocked");
        await Should.ThrowAsync<TimeoutException>(async () =>
        {
            for (var i = 1; i <= 2_000; i++)
            {
                await stream.OnNextAsync(i);
            }
        });
        host.Signals.Set("unblock");
    }
}
#endif
