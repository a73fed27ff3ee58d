#if !ORLEANS
using Loire.Engine.ContractTests.Calls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Loire.Engine.ContractTests.Embedded;

/// <summary>Starts work that the stop of the host cuts off.</summary>
public interface IBusyGrain : IGrainWithStringKey
{
    Task TickUntilDisposed();

    Task CallOnTicks();

    Task FailOnTick();
}

public sealed class BusyGrain(Signals signals) : Grain, IBusyGrain
{
    public Task TickUntilDisposed() => Register(async token =>
    {
        signals.Set("ticking");
        await Task.Delay(Timeout.Infinite, token);
    });

    public Task CallOnTicks() => Register(async token =>
    {
        signals.Set("ticking");
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await GrainFactory.GetGrain<ICallGrain>("not active").Add(1);
    });

    public Task FailOnTick() => Register(_ =>
    {
        signals.Set("ticking");
        throw new InvalidOperationException("a fault of the grain");
    });

    private Task Register(Func<CancellationToken, Task> tick)
    {
        this.RegisterGrainTimer(
            tick, new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromHours(1)) { Interleave = true });
        return Task.CompletedTask;
    }
}

public sealed class Stopping
{
    private readonly Alarms _alarms = new();

    [Fact]
    public async Task Ticks_that_the_stop_cuts_off_are_no_alarm()
    {
        await using var host = await Start();
        await host.Grain<IBusyGrain>().TickUntilDisposed();
        await host.Signals.Wait("ticking");
        await host.Stop();
        _alarms.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_that_the_stop_refuses_are_no_alarm()
    {
        await using var host = await Start();
        await host.Grain<IBusyGrain>().CallOnTicks();
        await host.Signals.Wait("ticking");
        await host.Stop();
        _alarms.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Items_that_the_stop_leaves_behind_are_no_alarm()
    {
        await using var host = await Start();
        var stream = host.Client.GetStreamProvider("memory").GetStream<int>(StreamId.Create("numbers", "k"));
        for (var i = 0; i < 10; i++)
        {
            await stream.OnNextAsync(i);
        }

        await host.Signals.Wait("blocked");
        var stopping = host.Stop();
        host.Signals.Set("unblock");
        await stopping;
        _alarms.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_of_a_grain_is_an_alarm()
    {
        await using var host = await Start();
        await host.Grain<IBusyGrain>().FailOnTick();
        await host.Signals.Wait("ticking");
        await host.Stop();
        _alarms.All.ShouldHaveSingleItem().ShouldContain("a fault of the grain");
    }

    private Task<TestHost> Start() => TestHost.Start(silo =>
    {
        silo.Services.AddSingleton<ILoggerProvider>(_alarms);
        silo.AddMemoryStreams("memory");
    });
}
#endif
