namespace Loire.Engine.ContractTests.Activation;

public interface IEndingGrain : IGrainWithStringKey
{
    Task<string> Incarnation();

    Task End();
}

/// <summary>Wants to end while it is activated for the first time.</summary>
public interface IBriefGrain : IEndingGrain;

public sealed class BriefGrain(Signals signals) : EndingGrain, IBriefGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!signals.IsSet("activating"))
        {
            signals.Set("activating");
            await signals.Wait("go on");
            DeactivateOnIdle();
        }
    }
}

/// <summary>Cannot be made, until it is repaired.</summary>
public interface IUnmakeableGrain : IEndingGrain;

public sealed class UnmakeableGrain : EndingGrain, IUnmakeableGrain
{
    public UnmakeableGrain(Signals signals)
    {
        if (!signals.IsSet("repaired"))
        {
            throw new InvalidOperationException("cannot be made");
        }
    }
}

/// <summary>Fails when it ends.</summary>
public interface IClumsyGrain : IEndingGrain;

public sealed class ClumsyGrain(Signals signals) : EndingGrain, IClumsyGrain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Set("ended");
        throw new InvalidOperationException("cannot end");
    }
}

/// <summary>Is disposed of after its end.</summary>
public interface IDisposableGrain : IEndingGrain;

public sealed class DisposableGrain(Signals signals) : EndingGrain, IDisposableGrain, IAsyncDisposable
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Report("step", "deactivated");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        signals.Report("step", "disposed");
        return ValueTask.CompletedTask;
    }
}

/// <summary>Takes part in its own life cycle.</summary>
public interface IStagedGrain : IEndingGrain;

public sealed class StagedGrain(Signals signals) : EndingGrain, IStagedGrain
{
    public override void Participate(IGrainLifecycle lifecycle)
    {
        base.Participate(lifecycle);
        lifecycle.Subscribe("late", GrainLifecycleStage.SetupState + 10, _ => Report("start late"), _ => Report("stop late"));
        lifecycle.Subscribe("early", GrainLifecycleStage.First, _ => Report("start early"), _ => Report("stop early"));
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken) => Report("activated");

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Report("deactivated");

    private Task Report(string step)
    {
        signals.Report("step", step);
        return Task.CompletedTask;
    }
}

public abstract class EndingGrain : Grain, ILifecycleParticipant<IGrainLifecycle>
{
    private readonly string _incarnation = Guid.NewGuid().ToString();

    public virtual void Participate(IGrainLifecycle lifecycle)
    {
    }

    public Task<string> Incarnation() => Task.FromResult(_incarnation);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
