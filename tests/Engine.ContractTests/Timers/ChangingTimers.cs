namespace Loire.Engine.ContractTests.Timers;

public sealed class ChangingTimers
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    [Fact]
    public async Task A_timer_without_a_due_time_ticks_when_it_is_given_one()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IChangingTimerGrain>();
        await grain.Begin(Never, Never, interleave: false);
        await grain.Change(TimeSpan.Zero, Soon);
        (await host.Signals.Next<string>("tick")).ShouldBe("alone");
        (await host.Signals.Next<string>("tick")).ShouldBe("alone");
    }

    [Fact]
    public async Task A_timer_without_a_period_ticks_once()
    {
        await using var host = await TestHost.Start();
        await host.Grain<IChangingTimerGrain>().Begin(TimeSpan.Zero, Never, interleave: false);
        await host.Signals.Next<string>("tick");
        await ExpectNoMore(host);
    }

    [Fact]
    public async Task A_timer_can_be_put_off()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IChangingTimerGrain>();
        await grain.Begin(TimeSpan.FromHours(1), TimeSpan.FromHours(1), interleave: false);
        await grain.Change(Soon, TimeSpan.FromHours(1));
        await host.Signals.Next<string>("tick");
        await ExpectNoMore(host);
    }

    [Fact]
    public async Task A_tick_that_interleaves_does_not_wait_for_the_call_that_runs()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IChangingTimerGrain>();
        await grain.Begin(TimeSpan.FromHours(1), Never, interleave: true);
        await grain.Change(TimeSpan.FromMilliseconds(200), Soon);
        var holding = grain.Hold("release");
        await host.Signals.Wait("holding");
        while (await host.Signals.Next<string>("tick") != "beside a call")
        {
            // Ticks from before the call do not count.
        }

        host.Signals.Set("release");
        await holding;
    }

    [Fact]
    public async Task A_timer_can_be_disposed_in_its_tick()
    {
        await using var host = await TestHost.Start();
        await host.Grain<IChangingTimerGrain>().BeginAndDisposeInTick();
        (await host.Signals.Next<string>("tick")).ShouldBe("cancelled");
        await ExpectNoMore(host);
    }

    [Fact]
    public async Task Disposing_a_timer_cancels_the_tick_that_runs()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<IChangingTimerGrain>();
        await grain.BeginAndWaitForDisposal();
        await host.Signals.Wait("ticking");
        await grain.DisposeTimer();
        await host.Signals.Wait("cancelled");
    }

    [Fact]
    public async Task The_request_context_of_a_call_does_not_go_into_the_ticks_of_its_timer()
    {
        await using var host = await TestHost.Start();
        await host.Grain<IChangingTimerGrain>().BeginWithContext();
        (await host.Signals.Next<string>("tick")).ShouldBe("none");
        (await host.Signals.Next<string>("tick")).ShouldBe("none");
    }

    // Another grain's timer measures out the time in which a tick too many would come.
    private static async Task ExpectNoMore(TestHost host)
    {
        await host.Grain<ITimerGrain>("other").Begin(20);
        for (var i = 0; i < 5; i++)
        {
            (await host.Signals.Next<string>("tick")).ShouldBe("state");
        }
    }
}
