using Orleans.Concurrency;
using Orleans.Placement;

namespace Loire.Engine.ContractTests.Clusters;

/// <summary>A grain that says where it is.</summary>
public interface IPlacedGrain : IGrainWithStringKey
{
    Task<SiloAddress> Silo();

    Task<Guid> Incarnation();

    Task<int> Add(int value);

    Task<string> Fail(string message);

    Task<string?> ContextValue(string name);

    Task WaitFor(string signal, CancellationToken cancellationToken);

    Task NeverEnd(CancellationToken cancellationToken);

    Task<SiloAddress> SiloOf(IPlacedGrain other);

    Task<string> FailThrough(IPlacedGrain other, string message);

    Task<string?> ContextValueThrough(IPlacedGrain other, string name);

    Task WaitThrough(IPlacedGrain other, string signal, CancellationToken cancellationToken);

    Task StartTicking(string signal);

    Task Keep(IPlacedGrain other);

    Task<SiloAddress> SiloOfKept();
}

public interface ILocalPlacedGrain : IPlacedGrain;

public interface IPlacedWorkerGrain : IPlacedGrain;

public abstract class PlacedGrain(Signals signals, ILocalSiloDetails silo) : Grain
{
    private readonly Guid _incarnation = Guid.NewGuid();
    private IPlacedGrain? _kept;
    private int _sum;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        signals.Report("activated", this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Report("deactivated " + this.GetPrimaryKeyString(), reason.ReasonCode);
        return Task.CompletedTask;
    }

    public Task<SiloAddress> Silo() => Task.FromResult(silo.SiloAddress);

    public Task<Guid> Incarnation() => Task.FromResult(_incarnation);

    public Task<int> Add(int value) => Task.FromResult(_sum += value);

    public Task<string> Fail(string message) => throw new InvalidOperationException(message);

    public Task<string?> ContextValue(string name) => Task.FromResult(RequestContext.Get(name) as string);

    public async Task WaitFor(string signal, CancellationToken cancellationToken)
    {
        signals.Set("waiting for " + signal);
        try
        {
            await signals.Wait(signal).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            signals.Set("cancelled " + signal);
            throw;
        }

        signals.Set("after " + signal);
    }

    public Task NeverEnd(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<SiloAddress> SiloOf(IPlacedGrain other) => other.Silo();

    public Task<string> FailThrough(IPlacedGrain other, string message) => other.Fail(message);

    public Task<string?> ContextValueThrough(IPlacedGrain other, string name) => other.ContextValue(name);

    public Task WaitThrough(IPlacedGrain other, string signal, CancellationToken cancellationToken) =>
        other.WaitFor(signal, cancellationToken);

    public Task StartTicking(string signal)
    {
        this.RegisterGrainTimer(
            () =>
            {
                signals.Report(signal, _incarnation);
                return Task.CompletedTask;
            },
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(20));
        return Task.CompletedTask;
    }

    public Task Keep(IPlacedGrain other)
    {
        _kept = other;
        return Task.CompletedTask;
    }

    public Task<SiloAddress> SiloOfKept() => _kept!.Silo();
}

[GrainType("randomly-placed")]
public sealed class RandomlyPlacedGrain(Signals signals, ILocalSiloDetails silo) : PlacedGrain(signals, silo), IPlacedGrain;

[GrainType("locally-placed")]
[PreferLocalPlacement]
public sealed class LocallyPlacedGrain(Signals signals, ILocalSiloDetails silo) : PlacedGrain(signals, silo), ILocalPlacedGrain;

[GrainType("placed-worker")]
[StatelessWorker(1)]
public sealed class PlacedWorkerGrain(Signals signals, ILocalSiloDetails silo) : PlacedGrain(signals, silo), IPlacedWorkerGrain;
