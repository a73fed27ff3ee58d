using Microsoft.Extensions.DependencyInjection;

namespace Loire.Engine.ContractTests.Activation;

public interface ILifeGrain : IGrainWithStringKey
{
    Task<string> Incarnation();

    Task End();

    Task EndAfter(string signal);

    Task<bool> OnItsScheduler();
}

/// <summary>Reports what happens to it.</summary>
public sealed class LifeGrain(Signals signals) : Grain, ILifeGrain
{
    private readonly string _incarnation = Guid.NewGuid().ToString();
    private bool _activated;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        _activated = true;
        signals.Report("activated", this.GetPrimaryKeyString());
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Set("deactivating");
        if (this.GetPrimaryKeyString() == "slow")
        {
            await signals.Wait("go on");
        }

        signals.Report("deactivated", reason.ReasonCode);
    }

    public Task<string> Incarnation() => Task.FromResult(_activated ? _incarnation : "not activated");

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task EndAfter(string signal)
    {
        DeactivateOnIdle();
        signals.Set("asked for the end");
        await signals.Wait(signal);
    }

    public Task<bool> OnItsScheduler() => Task.FromResult(TaskScheduler.Current != TaskScheduler.Default);
}

public interface IFailingGrain : IGrainWithStringKey
{
    Task<string> Hello();
}

public sealed class FailingGrain(Signals signals) : Grain, IFailingGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (!signals.IsSet("repaired"))
        {
            throw new InvalidOperationException("cannot start");
        }
    }

    public Task<string> Hello() => Task.FromResult("hello");
}

public interface IShape : IGrainWithStringKey
{
    Task<string> Name();
}

public interface ISquareGrain : IShape;

[GrainType("square")]
public sealed class SquareGrain : Grain, ISquareGrain
{
    public Task<string> Name() => Task.FromResult("square");
}

[GrainType("circle")]
public sealed class CircleGrain : Grain, IShape
{
    public Task<string> Name() => Task.FromResult("circle");
}

public interface IKeyGrain : IGrainWithGuidKey
{
    Task<Guid> Key();
}

public sealed class KeyGrain : Grain, IKeyGrain
{
    public Task<Guid> Key() => Task.FromResult(this.GetPrimaryKey());
}

public interface INumberGrain : IGrainWithIntegerCompoundKey
{
    Task<long> Key();

    Task<string?> Extension();
}

public sealed class NumberGrain : Grain, INumberGrain
{
    public Task<long> Key() => Task.FromResult(this.GetPrimaryKeyLong());

    public Task<string?> Extension()
    {
        this.GetPrimaryKeyLong(out var extension);
        return Task.FromResult(extension);
    }
}

[GenerateSerializer]
public sealed class Counter
{
    [Id(0)]
    public int Value { get; set; }
}

public interface IInjectedGrain : IGrainWithStringKey
{
    Task<string> What();

    Task<int> Count();

    Task End();
}

public sealed class InjectedGrain(
    IGrainContext context,
    [FromKeyedServices("greeting")] string greeting,
    [PersistentState("counter")] IPersistentState<Counter> counter) : Grain, IInjectedGrain
{
    public Task<string> What() => Task.FromResult($"{greeting} {context.GrainId.Key}");

    public async Task<int> Count()
    {
        counter.State.Value++;
        await counter.WriteStateAsync();
        return counter.State.Value;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
