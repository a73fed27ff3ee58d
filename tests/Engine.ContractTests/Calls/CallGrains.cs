using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace Loire.Engine.ContractTests.Calls;

[GenerateSerializer, Immutable]
public sealed record Money([property: Id(0)] decimal Amount, [property: Id(1)] string Currency);

public interface ICallGrain : IGrainWithStringKey
{
    Task<Money> Echo(Money money);

    ValueTask<int> Add(int value);

    ValueTask Touch();

    Task<string> Fail(string message);

    Task<string> FailLater(string message);

    Task<string> KeyOf(ICallGrain other);

    Task<bool> RunsOnItsScheduler();

    Task<bool> LeavesItsScheduler();

    Task<string?> ContextValue(string name);

    Task<string?> SetContextValue(string name, string value);

    Task<string?> ContextValueThrough(string name, ICallGrain other);

    Task<int> ReadAsyncLocal();

    Task WaitFor(string signal);

    [ResponseTimeout("00:00:00.300")]
    Task WaitShortly(string signal);

    Task<string?> CallBackReentrantly(ICallGrain other, ICallGrain self);

    [OneWay]
    Task Notify(string signal, bool fail);
}

public class CallGrain(Signals signals) : Grain, ICallGrain
{
    public static readonly AsyncLocal<int> Local = new();

    private int _sum;

    public Task<Money> Echo(Money money) => Task.FromResult(money);

    public ValueTask<int> Add(int value) => new(_sum += value);

    public async ValueTask Touch() => await Task.Yield();

    public Task<string> Fail(string message) => throw new InvalidOperationException(message);

    public async Task<string> FailLater(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public Task<string> KeyOf(ICallGrain other) => Task.FromResult(other.GetPrimaryKeyString());

    public async Task<bool> RunsOnItsScheduler()
    {
        var own = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current == own;
        var started = await Task.Factory.StartNew(() => TaskScheduler.Current == own);
        var continued = await Task.CompletedTask.ContinueWith(_ => TaskScheduler.Current == own);
        await Task.Run(static () => { });
        return own != TaskScheduler.Default && afterYield && started && continued && TaskScheduler.Current == own;
    }

    public async Task<bool> LeavesItsScheduler()
    {
        var own = TaskScheduler.Current;
        var run = await Task.Run(() => TaskScheduler.Current != own);
        await Task.Run(static () => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return run && TaskScheduler.Current != own;
    }

    public Task<string?> ContextValue(string name) => Task.FromResult(RequestContext.Get(name) as string);

    public Task<string?> SetContextValue(string name, string value)
    {
        RequestContext.Set(name, value);
        return Task.FromResult(RequestContext.Get(name) as string);
    }

    public async Task<string?> ContextValueThrough(string name, ICallGrain other)
    {
        await Task.Yield();
        return await other.ContextValue(name);
    }

    public Task<int> ReadAsyncLocal() => Task.FromResult(Local.Value);

    public async Task WaitFor(string signal)
    {
        signals.Set("waiting for " + signal);
        await signals.Wait(signal);
    }

    public Task WaitShortly(string signal) => WaitFor(signal);

    public async Task<string?> CallBackReentrantly(ICallGrain other, ICallGrain self)
    {
        using var section = RequestContext.AllowCallChainReentrancy();
        return await other.ContextValueThrough("any", self);
    }

    public Task Notify(string signal, bool fail)
    {
        signals.Set(signal);
        return fail ? throw new InvalidOperationException("Nobody hears of this") : Task.CompletedTask;
    }
}

/// <summary>Calls that meet each other in a grain.</summary>
public interface IMeetingGrain : IGrainWithStringKey
{
    Task Enter(string signal);

    [AlwaysInterleave]
    Task EnterBeside(string signal);

    [ReadOnly]
    Task Read(string signal);

    Task<int> MostAtOnce();
}

public abstract class MeetingGrain(Signals signals) : Grain
{
    private int _inside;
    private int _most;

    public Task Enter(string signal) => Stay(signal);

    public Task EnterBeside(string signal) => Stay(signal);

    public Task Read(string signal) => Stay(signal);

    public Task<int> MostAtOnce() => Task.FromResult(_most);

    private async Task Stay(string signal)
    {
        _most = Math.Max(_most, ++_inside);
        signals.Set("entered " + signal);
        await signals.Wait(signal);
        _inside--;
    }
}

[GrainType("exclusive-meeting")]
public sealed class ExclusiveMeetingGrain(Signals signals) : MeetingGrain(signals), IMeetingGrain;

public interface IReentrantMeetingGrain : IMeetingGrain;

[Reentrant]
public sealed class ReentrantMeetingGrain(Signals signals) : MeetingGrain(signals), IReentrantMeetingGrain;

public interface IChoosyMeetingGrain : IMeetingGrain;

[MayInterleave(nameof(MayEnter))]
public sealed class ChoosyMeetingGrain(Signals signals) : MeetingGrain(signals), IChoosyMeetingGrain
{
    public static bool MayEnter(IInvokable call) => call.GetArgument(0) is "guest";
}
