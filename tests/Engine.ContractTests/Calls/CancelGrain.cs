namespace Loire.Engine.ContractTests.Calls;

public interface ICancelGrain : IGrainWithStringKey
{
    Task<string> Ignore(string signal, CancellationToken cancellationToken);

    Task Answer(string signal, CancellationToken cancellationToken);

    Task<string> Swallow(string signal, CancellationToken cancellationToken);

    ValueTask<int> Pass(ICancelGrain other, string signal, CancellationToken cancellationToken);

    Task Register(string signal, CancellationToken cancellationToken);

    Task<bool> IsCancelled(CancellationToken cancellationToken);

    Task Hold(string signal);

    [ResponseTimeout("00:00:00.500")]
    Task Linger(string signal, CancellationToken cancellationToken);

    Task LingerAt(ICancelGrain other, string signal);
}

/// <summary>Does one thing or another about a cancelled token.</summary>
public sealed class CancelGrain(Signals signals) : Grain, ICancelGrain
{
    public async Task<string> Ignore(string signal, CancellationToken cancellationToken)
    {
        signals.Set("began " + signal);
        await signals.Wait(signal);
        signals.Set("ended " + signal);
        return "done";
    }

    public async Task Answer(string signal, CancellationToken cancellationToken)
    {
        signals.Set("began " + signal);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            signals.Set("ended " + signal);
        }
    }

    public async Task<string> Swallow(string signal, CancellationToken cancellationToken)
    {
        signals.Set("began " + signal);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        signals.Set("ended " + signal);
        return "done";
    }

    public async ValueTask<int> Pass(ICancelGrain other, string signal, CancellationToken cancellationToken)
    {
        await other.Answer(signal, cancellationToken);
        return 1;
    }

    public async Task Register(string signal, CancellationToken cancellationToken)
    {
        var own = TaskScheduler.Current;
        await using var registration = cancellationToken.Register(
            () => signals.Report(signal, TaskScheduler.Current == own), useSynchronizationContext: false);
        await Answer(signal, cancellationToken);
    }

    public Task<bool> IsCancelled(CancellationToken cancellationToken) => Task.FromResult(cancellationToken.IsCancellationRequested);

    public async Task Linger(string signal, CancellationToken cancellationToken)
    {
        await signals.Wait(signal).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        signals.Report("lingered", cancellationToken.IsCancellationRequested);
    }

    public async Task LingerAt(ICancelGrain other, string signal)
    {
        using var never = new CancellationTokenSource();
        await other.Linger(signal, never.Token);
    }

    public async Task Hold(string signal)
    {
        signals.Set("holding");
        await signals.Wait(signal);
    }
}
