using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Projections;

/// <inheritdoc cref="IRebuildGrain"/>
internal sealed partial class RebuildGrain(
    ViewRegistry views,
    SubscriptionRegistry subscriptions,
    EventCatalog catalog,
    IEventLog log,
    IViewStore store,
    TimeProvider time,
    IOptions<RebuildOptions> options,
    IOptions<SubscriptionOptions> subscriptionOptions,
    ILogger<RebuildGrain> logger) : Grain, IRebuildGrain
{
    private const int MaxAttempts = 10;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly GenerationTable _generations = new(store);
    private readonly RebuildTable _plans = new(store);
    private Projection _projection = null!;
    private GenerationKeeper _keeper = null!;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private string View => _projection.View.Name;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        _projection = views.ProjectionNamed(name) ?? throw new InvalidOperationException($"No projection fills '{name}'.");
        _keeper = new GenerationKeeper(_projection, _generations, store, time, logger);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Stop().WaitAsync(cancellationToken);

    public Task<RebuildReply> Start() => Decide(async () =>
    {
        var last = await _plans.Find(View, CancellationToken.None);
        if (last?.State is RebuildState.Running or RebuildState.Paused)
        {
            return Refused("is under way", last);
        }

        var revision = last?.Revision ?? 0;
        var plan = new RebuildPlan
        {
            Revision = revision,
            View = View,
            State = RebuildState.Running,
            Version = _projection.Version,
            Generation = await _keeper.Begin(revision + 1, CancellationToken.None),
            StartedAt = time.GetUtcNow(),
            Target = log.Head,
        };
        return Run(await _plans.Save(plan));
    });

    public async Task<RebuildReply> Pause()
    {
        await Stop();
        return await Decide(async () =>
        {
            var plan = await _plans.Find(View, CancellationToken.None);
            if (plan?.State != RebuildState.Running)
            {
                return Refused("does not run", plan);
            }

            if (await _keeper.IsTakingOver(plan.Generation, CancellationToken.None))
            {
                Run(plan);
                return Refused("is taking over", plan);
            }

            return new RebuildReply(Refusal: null, await _plans.Save(plan with { State = RebuildState.Paused, EventsPerSecond = 0 }));
        });
    }

    public Task<RebuildReply> Resume() => Resume(plan => plan);

    public Task<RebuildReply> ResumeAccepting() => Resume(plan => plan with { AcceptsDeadLetters = true });

    public async Task<RebuildReply> Cancel()
    {
        await Stop();
        var givenUp = 0;
        return await Decide(async () =>
        {
            var plan = await _plans.Find(View, CancellationToken.None);
            if (plan?.State == RebuildState.Cancelled && plan.Generation == givenUp)
            {
                // Whoever carried it out has found that it was given up, and was faster to write that down.
                return new RebuildReply(Refusal: null, plan);
            }

            if (plan?.State is not (RebuildState.Running or RebuildState.Paused or RebuildState.Failed))
            {
                return Refused("has ended", plan);
            }

            if (!await _keeper.GiveUp(plan.Generation, CancellationToken.None))
            {
                Run(plan);
                return Refused("is taking over", plan);
            }

            givenUp = plan.Generation;
            plan = await _plans.Save(plan with { State = RebuildState.Cancelled, EndedAt = time.GetUtcNow(), EventsPerSecond = 0 });
            await _keeper.DropRetired(CancellationToken.None);
            return new RebuildReply(Refusal: null, plan);
        });
    }

    public Task<RebuildPlan?> Status() => _plans.Find(View, CancellationToken.None);

    public async Task<RebuildPlan?> Ended(TimeSpan timeout)
    {
        try
        {
            await _running.WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            // The plan says that it still runs.
        }

        return await Status();
    }

    public async Task Wake()
    {
        if (_running.IsCompleted && await _plans.Find(View, CancellationToken.None) is { State: RebuildState.Running } plan)
        {
            Run(plan);
        }

        await _keeper.DropRetired(CancellationToken.None);
    }

    private Task<RebuildReply> Resume(Func<RebuildPlan, RebuildPlan> change) => Decide(async () =>
    {
        var plan = await _plans.Find(View, CancellationToken.None);
        return plan?.State is RebuildState.Paused or RebuildState.Failed
            ? Run(await _plans.Save(change(plan) with { State = RebuildState.Running, EndedAt = null }))
            : Refused("is neither paused nor failed", plan);
    });

    // There may be a second activation of this grain. Where it was faster, what to do is decided again.
    private async Task<RebuildReply> Decide(Func<Task<RebuildReply>> decide)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await decide();
            }
            catch (GenerationMovedException e) when (attempt == MaxAttempts)
            {
                throw new StoreUnavailableException($"Others change the rebuild of '{View}' all the time.", e);
            }
            catch (GenerationMovedException e)
            {
                LogDecidedAgain(e, View);
            }
        }
    }

    private static RebuildReply Refused(string why, RebuildPlan? plan) =>
        new(plan is null ? "The view has not been rebuilt." : $"The rebuild {why}.", plan);

    private RebuildReply Run(RebuildPlan plan)
    {
        if (_running.IsCompleted)
        {
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            var failures = FillFailures.Of(_projection, subscriptions, subscriptionOptions.Value, time, logger);
            var run = new RebuildRun(
                plan, _projection, catalog, log, store, _generations, _keeper, _plans, GrainFactory, time, options.Value, failures, logger,
                () => DelayDeactivation(Idle));
            _running = run.Run(_stop.Token);
        }

        return new RebuildReply(Refusal: null, plan);
    }

    private async Task Stop()
    {
        await _stop.CancelAsync();
        await _running;
    }

    [LoggerMessage(LogLevel.Debug, "Somebody else has changed the rebuild of {View}; it is looked at again")]
    private partial void LogDecidedAgain(Exception e, string view);
}
