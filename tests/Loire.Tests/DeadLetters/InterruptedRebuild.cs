using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>How far a rebuild has come, in this order.</summary>
public enum RebuildStep
{
    /// <summary>Nothing is in the new generation yet.</summary>
    Begun,

    /// <summary>It has set the event aside that cannot be handled.</summary>
    SetAside,

    /// <summary>It has come to the end of the log, and asks the view to let it take over.</summary>
    Filled,

    /// <summary>The view stands still, and the new generation is given what is left.</summary>
    CatchingUp,

    /// <summary>It takes over, and nobody can cancel it any more.</summary>
    TakingOver,

    /// <summary>Nobody can write to the generation before any more.</summary>
    Closed,

    /// <summary>It is the live generation, and the rebuild does not know yet.</summary>
    Switched,
}

/// <summary>A rebuild of <see cref="LettersHost"/>'s view that is interrupted at some step and stands still until it is told to go on.</summary>
internal sealed class InterruptedRebuild(LettersHost host, StoreFaults faults)
{
    private Func<Task> _goOn = () => throw new InvalidOperationException("It has not been interrupted.");

    /// <summary>Its silo dies. Another one comes up, whose rebuilds sleep until <see cref="Ended"/>.</summary>
    public Task Kill(RebuildStep step) => Kill(interrupt => At(step, interrupt));

    /// <summary>Its silo dies where it meets a fault.</summary>
    /// <inheritdoc cref="Kill(RebuildStep)"/>
    public Task Kill(StoreFault fault) => Kill(interrupt => interrupt(fault));

    /// <summary>Somebody pauses it.</summary>
    public async Task Pause(RebuildStep step)
    {
        var held = await Hold(step);
        var pausing = host.Rebuild.Pause();

        // While the view stands still the answer comes at once; otherwise when what is being written is on disk. Once the second
        // call has been answered the first has come.
        await (step == RebuildStep.CatchingUp ? (Task)pausing : host.Rebuild.Status());
        held.Release();
        var reply = await pausing;
        (reply.Refusal, reply.Plan!.State).ShouldBe((null, RebuildState.Paused));
        _goOn = async () => (await host.Rebuild.Resume()).Refusal.ShouldBeNull();
    }

    /// <summary>Starts it; it stands still until what it meets is released.</summary>
    public async Task<StoreFault> Hold(RebuildStep step)
    {
        var met = new TaskCompletionSource<StoreFault>(TaskCreationOptions.RunContinuationsAsynchronously);
        At(step, fault => fault.Does(() =>
        {
            met.SetResult(fault);
            return Task.CompletedTask;
        }).Holds());
        (await host.Rebuild.Start()).Refusal.ShouldBeNull();
        return await met.Task.WaitAsync(LoireHost.Limit);
    }

    /// <summary>Lets it go on, and waits for its end.</summary>
    public async Task<RebuildPlan> Ended()
    {
        await _goOn();
        return await host.Until(() => host.Ended(), plan => plan.State != RebuildState.Running);
    }

    private async Task Kill(Action<Action<StoreFault>> at)
    {
        var dead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StoreFault asleep = null!;
        at(fault => fault.Does(async () =>
        {
            asleep = faults.Before(StoreOperationKind.FindDocumentsBy, "rebuilds@1").Times(int.MaxValue).Holds();
            var silo = host.Cluster.Cluster.Silos[0];
            await host.Cluster.Cluster.StartAdditionalSiloAsync();
            await host.Cluster.Kill(silo);
            dead.SetResult();
        }).Fails());

        // Who does not learn whether it was started asks again.
        var starting = host.Cluster.Patiently(() => host.Rebuild.Start());
        await dead.Task.WaitAsync(LoireHost.Limit);
        await starting;
        _goOn = () =>
        {
            asleep.Release();
            return Task.CompletedTask;
        };
    }

    // The first change of the table of generations begins the new one, and the first of the plan starts the rebuild.
    private void At(RebuildStep step, Action<StoreFault> interrupt)
    {
        if (step == RebuildStep.CatchingUp)
        {
            faults.Before(StoreOperationKind.CommitView, "rebuilds/deposits").Skip(1).Does(async () =>
            {
                await host.Deposit("c", 30);
                await host.Cluster.Reached("deposits@1");
                interrupt(faults.Before(StoreOperationKind.CommitView, "deposits@1.2"));
            });
            return;
        }

        interrupt(step switch
        {
            RebuildStep.Begun => faults.Before(StoreOperationKind.CommitView, "deposits@1.2"),
            RebuildStep.SetAside => faults.After(StoreOperationKind.CommitView, "deposits@1.2").Skip(2),
            RebuildStep.Filled => faults.Before(StoreOperationKind.CommitView, "rebuilds/deposits").Skip(1),
            RebuildStep.TakingOver => faults.After(StoreOperationKind.CommitView, "generations/deposits").Skip(1),
            RebuildStep.Closed => faults.Before(StoreOperationKind.CommitView, "generations/deposits").Skip(2),
            _ => faults.After(StoreOperationKind.CommitView, "generations/deposits").Skip(2),
        });
    }
}
