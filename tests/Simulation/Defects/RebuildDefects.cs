using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Defects;

/// <summary>Lets a generation take over as it is, whether it has caught up or not.</summary>
internal sealed class EarlyTakeOver(IGenerationHandler handler, Projection projection, IViewStore store, TimeProvider time) : IGenerationHandler
{
    public string CheckpointName => handler.CheckpointName;

    public ViewSchema Table => handler.Table;

    public string? Waiting => handler.Waiting;

    public static SubscriptionDefinition Plant(SubscriptionDefinition subscription, IServiceProvider services) =>
        services.GetServices<Projection>().SingleOrDefault(p => p.View.StoreName == subscription.Name) is { } projection
            ? subscription with
            {
                NewHandler = () => new EarlyTakeOver(
                    (IGenerationHandler)subscription.NewHandler(),
                    projection,
                    services.GetRequiredService<IViewStore>(),
                    services.GetRequiredService<TimeProvider>()),
            }
            : subscription;

    public void Assign(int partition) => handler.Assign(partition);

    public Task Prepare(CancellationToken cancellation) => handler.Prepare(cancellation);

    public Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation) =>
        handler.Handle(events, cancellation);

    public void Committed() => handler.Committed();

    public Task<bool> IsLive(CancellationToken cancellation) => handler.IsLive(cancellation);

    public Task CatchUp(int generation, long position, CancellationToken cancellation) => Task.CompletedTask;

    public Task Switch(int generation, CancellationToken cancellation) => new GenerationTable(store).Change(
        projection.View.Name,
        current => current!.Next == generation
            ? current with
            {
                Live = Generation.Of(projection, generation),
                Next = null,
                Retired = current.Retired.Add(new RetiredGeneration(current.Live, time.GetUtcNow() + TimeSpan.FromSeconds(3))),
            }
            : current,
        cancellation);
}

/// <summary>Lets a generation take over as soon as its rebuild has been started.</summary>
internal sealed class TakeOverAtOnce(IServiceProvider services) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Result is RebuildReply { Refusal: null, Plan: { State: RebuildState.Running } plan })
        {
            // Whether that works is not what this defect is about.
            var subscription = SubscriptionBatch.KeyOf($"{plan.View}@{plan.Version}", 0);
            await services.GetRequiredService<IGrainFactory>().GetGrain<ISubscriptionGrain>(subscription).TakeOver(plan.Generation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }
}

/// <summary>Lets a generation take over without closing the one before, which may still be written to.</summary>
internal sealed class LeftOpen(IViewStore views) : ViewDecorator(views)
{
    public override async Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) =>
        (move.To < 0 && move.From >= 0) || await Inner.Commit(move, changes);
}

/// <summary>While a generation is filled, its checkpoint is written before its documents.</summary>
internal sealed class FillCheckpointFirst(IViewStore views) : ViewDecorator(views)
{
    public override async Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) => IsLater(move.Subscription)
        ? await Inner.Commit(move, []) && await Inner.Commit(CheckpointFirst.Standing(move), changes)
        : await Inner.Commit(move, changes);

    // The first generation of a view has no number in its name.
    private static bool IsLater(string subscription) => subscription.LastIndexOf('.') > subscription.LastIndexOf('@') && subscription.Contains('@');
}

/// <summary>Keeps what should be dropped.</summary>
internal sealed class NothingDropped(IViewStore views) : ViewDecorator(views)
{
    public override Task Drop(ViewSchema schema, CancellationToken cancellation = default) => Task.CompletedTask;

    public override Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes) => Inner.Commit(move, changes);
}
