namespace Loire.Engine.ContractTests.Timers;

public interface IChangingTimerGrain : IGrainWithStringKey
{
    Task Begin(TimeSpan dueTime, TimeSpan period, bool interleave);

    Task Change(TimeSpan dueTime, TimeSpan period);

    Task BeginWithContext();

    Task BeginAndDisposeInTick();

    Task BeginAndWaitForDisposal();

    Task DisposeTimer();

    Task Hold(string signal);

    Task End();
}

/// <summary>Has a timer that is told again when to tick.</summary>
public sealed class ChangingTimerGrain(Signals signals) : Grain, IChangingTimerGrain
{
    private IGrainTimer? _timer;
    private bool _busy;

    public Task Begin(TimeSpan dueTime, TimeSpan period, bool interleave) => Register(
        _ =>
        {
            signals.Report("tick", _busy ? "beside a call" : "alone");
            return Task.CompletedTask;
        },
        dueTime,
        period,
        interleave);

    public Task Change(TimeSpan dueTime, TimeSpan period)
    {
        _timer!.Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task BeginWithContext()
    {
        RequestContext.Set("tenant", "north");
        return Register(
            _ =>
            {
                signals.Report("tick", RequestContext.Get("tenant") as string ?? "none");
                RequestContext.Set("tenant", "of a tick");
                return Task.CompletedTask;
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(10));
    }

    public Task BeginAndDisposeInTick() => Register(
        token =>
        {
            _timer!.Dispose();
            signals.Report("tick", token.IsCancellationRequested ? "cancelled" : "not cancelled");
            return Task.CompletedTask;
        },
        TimeSpan.Zero,
        TimeSpan.FromMilliseconds(1));

    public Task BeginAndWaitForDisposal() => Register(
        async token =>
        {
            signals.Set("ticking");
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            signals.Set("cancelled");
        },
        TimeSpan.Zero,
        Timeout.InfiniteTimeSpan,
        interleave: true);

    public Task DisposeTimer()
    {
        _timer!.Dispose();
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

    private Task Register(Func<CancellationToken, Task> tick, TimeSpan dueTime, TimeSpan period, bool interleave = false)
    {
        _timer = this.RegisterGrainTimer(tick, new GrainTimerCreationOptions(dueTime, period) { Interleave = interleave });
        return Task.CompletedTask;
    }
}
