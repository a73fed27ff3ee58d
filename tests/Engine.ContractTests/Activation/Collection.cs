using Orleans.Configuration;

namespace Loire.Engine.ContractTests.Activation;

public interface IIdleGrain : IGrainWithStringKey
{
    Task Begin();
}

/// <summary>May be collected soon, whatever its timer does.</summary>
public sealed class TickingGrain(Signals signals) : IdleGrain(signals), ITickingGrain
{
    public Task Begin()
    {
        this.RegisterGrainTimer(static () => Task.CompletedTask, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        return Task.CompletedTask;
    }
}

public interface ITickingGrain : IIdleGrain;

/// <summary>Is kept by its timer.</summary>
public sealed class TickingAliveGrain(Signals signals) : IdleGrain(signals), ITickingAliveGrain
{
    public Task Begin()
    {
        this.RegisterGrainTimer(
            static () => Task.CompletedTask,
            new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)) { KeepAlive = true });
        return Task.CompletedTask;
    }
}

public interface ITickingAliveGrain : IIdleGrain;

[KeepAlive]
public sealed class KeptGrain(Signals signals) : IdleGrain(signals), IKeptGrain
{
    public Task Begin() => Task.CompletedTask;
}

public interface IKeptGrain : IIdleGrain;

public sealed class DelayingGrain(Signals signals) : IdleGrain(signals), IDelayingGrain
{
    public Task Begin()
    {
        DelayDeactivation(TimeSpan.FromHours(1));
        return Task.CompletedTask;
    }
}

public interface IDelayingGrain : IIdleGrain;

public abstract class IdleGrain(Signals signals) : Grain
{
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Report($"collected {reason.ReasonCode}", GetType().Name);
        return Task.CompletedTask;
    }
}

public sealed class Collection
{
    [Fact]
    public async Task A_timer_does_not_keep_its_grain()
    {
        await using var host = await StartImpatiently();
        await host.Grain<ITickingGrain>().Begin();
        (await host.Signals.Next<string>("collected ActivationIdle")).ShouldBe(nameof(TickingGrain));
    }

    [Fact]
    public async Task Grains_that_have_asked_for_it_are_kept()
    {
        await using var host = await StartImpatiently();
        await host.Grain<IKeptGrain>().Begin();
        await host.Grain<IDelayingGrain>().Begin();
        await host.Grain<ITickingAliveGrain>().Begin();

        // Whoever is collected after them shows that their turn has passed.
        for (var round = 0; round < 2; round++)
        {
            await host.Grain<ITickingGrain>().Begin();
            (await host.Signals.Next<string>("collected ActivationIdle")).ShouldBe(nameof(TickingGrain));
        }
    }

    private static Task<TestHost> StartImpatiently() => TestHost.Start(silo => silo.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionAge = TimeSpan.FromSeconds(1.1);
        options.CollectionQuantum = TimeSpan.FromSeconds(1);
    }));
}
