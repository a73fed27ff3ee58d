namespace Loire.Engine.ContractTests.Timers;

public interface ITimerGrain : IGrainWithStringKey
{
    Task Begin(int milliseconds);

    Task BeginFailing();

    Task StopTimer();

    Task Hold(string signal);

    Task End();
}

public sealed class TimerGrain(Signals signals) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private bool _ended;
    private bool _busy;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ended = true;
        signals.Set("ended");
        return Task.CompletedTask;
    }

    public Task Begin(int milliseconds)
    {
        var period = TimeSpan.FromMilliseconds(milliseconds);
        _timer = this.RegisterGrainTimer(Tick, "state", new GrainTimerCreationOptions(period, period));
        return Task.CompletedTask;
    }

    public Task BeginFailing()
    {
        var ticks = 0;
        _timer = this.RegisterGrainTimer(
            () =>
            {
                signals.Report("tick", "failing");
                return ++ticks == 1 ? throw new InvalidOperationException("the first tick fails") : Task.CompletedTask;
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(10));
        return Task.CompletedTask;
    }

    public Task StopTimer()
    {
        _timer!.Dispose();
        _ended = true;
        return Task.CompletedTask;
    }

    public async Task Hold(string signal)
    {
        _busy = true;
        signals.Set("holding");
        await signals.Wait(signal);
        _busy = false;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Tick(string state, CancellationToken cancellationToken)
    {
        signals.Report("tick", _ended ? "after the end" : _busy ? "beside a call" : TaskScheduler.Current == TaskScheduler.Default ? "outside" : state);
        return Task.CompletedTask;
    }
}

public sealed class GrainTimers
{
    [Fact]
    public async Task A_timer_ticks_again_and_again_in_turns_of_the_grain()
    {
        await using var host = await TestHost.Start();
        await host.Grain<ITimerGrain>().Begin(10);
        for (var i = 0; i < 3; i++)
        {
            (await host.Signals.Next<string>("tick")).ShouldBe("state");
        }
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_that_runs()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ITimerGrain>();
        var holding = grain.Hold("release");
        await host.Signals.Wait("holding");
        var begun = grain.Begin(1);
        host.Signals.Set("release");
        await Task.WhenAll(holding, begun);
        (await host.Signals.Next<string>("tick")).ShouldBe("state");
    }

    [Fact]
    public async Task A_timer_goes_on_after_a_tick_has_failed()
    {
        await using var host = await TestHost.Start();
        await host.Grain<ITimerGrain>().BeginFailing();
        await host.Signals.Next<string>("tick");
        (await host.Signals.Next<string>("tick")).ShouldBe("failing");
    }

    [Fact]
    public async Task A_disposed_timer_does_not_tick()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ITimerGrain>();
        await grain.Begin(5);
        await host.Signals.Next<string>("tick");
        await grain.StopTimer();
        await ExpectNoLateTick(host, "other");
    }

    [Fact]
    public async Task A_timer_does_not_tick_after_deactivation()
    {
        await using var host = await TestHost.Start();
        var grain = host.Grain<ITimerGrain>();
        await grain.Begin(5);
        await host.Signals.Next<string>("tick");
        await grain.End();
        await host.Signals.Wait("ended");
        await ExpectNoLateTick(host, "other");
    }

    // Another grain's timer measures out the time in which a late tick would come.
    private static async Task ExpectNoLateTick(TestHost host, string key)
    {
        await host.Grain<ITimerGrain>(key).Begin(20);
        for (var i = 0; i < 5; i++)
        {
            (await host.Signals.Next<string>("tick")).ShouldBe("state");
        }
    }
}
