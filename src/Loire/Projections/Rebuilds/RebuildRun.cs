using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.Projections;

/// <summary>
/// Carries a plan out, until it has ended or is stopped. Others may do the same at the same time, or have given it up: the
/// checkpoints of the generation, its place in the table of generations and the revision of the plan fence all writes.
/// </summary>
internal sealed partial class RebuildRun(
    RebuildPlan plan,
    Projection projection,
    EventCatalog catalog,
    IEventLog log,
    IViewStore store,
    GenerationTable generations,
    GenerationKeeper keeper,
    RebuildTable plans,
    IGrainFactory grains,
    TimeProvider time,
    RebuildOptions options,
    FillFailures failures,
    ILogger logger,
    Action stayActive)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly SetAsideCheck _check = new(projection, store);
    private readonly RebuildPace _pace = new(time, options.MaxEventsPerSecond, options.Courtesy);
    private RebuildPlan _plan = plan;

    /// <summary>Ends when the plan has ended, or with the token. It throws nothing.</summary>
    public async Task Run(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            GenerationFill? fill = null;
            var isFilled = false;
            try
            {
                if (await HasEnded(stop))
                {
                    return;
                }

                // Once it takes over, the view's subscription handles what is left.
                if (!_plan.TakingOver)
                {
                    fill = await NewFill(stop);
                    await fill.Open(stop);
                    if ((await generations.Of(projection, stop)).Next != _plan.Generation)
                    {
                        // It has stood still for long, and may have made its tables again. From here on who writes to them is refused
                        // when they are gone.
                        continue;
                    }

                    await Fill(fill, stop);
                    if (!await MayTakeOver(fill, stop))
                    {
                        return;
                    }
                }

                // Who pauses it or gives it up does not wait for the answer: what is decided first holds.
                isFilled = true;
                stop.ThrowIfCancellationRequested();
                await Subscription.TakeOver(_plan.Generation).WaitAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await Failed(e, isFilled, fill?.Position ?? 0, stop);
            }
        }
    }

    private async Task<GenerationFill> NewFill(CancellationToken stop) => new(
        projection,
        catalog,
        log,
        store,
        options,
        _plan.Generation,
        [.. Enumerable.Range(0, projection.Partitions)],
        FillRules.Rebuild(_plan.AcceptsDeadLetters ? failures.Accepted() : failures, (await generations.Of(projection, stop)).Live));

    private ISubscriptionGrain Subscription =>
        grains.GetGrain<ISubscriptionGrain>(SubscriptionBatch.KeyOf(projection.View.StoreName, 0));

    /// <summary>Looks at what the store says, which somebody else may have changed.</summary>
    private async Task<bool> HasEnded(CancellationToken stop)
    {
        var before = _plan;
        _plan = await plans.Find(_plan.View, stop) ?? _plan;
        var known = await generations.Of(projection, stop);
        if (_plan.State != RebuildState.Running || _plan.Generation != before.Generation)
        {
            // Somebody may have dropped what this has then made again.
            await keeper.DropIfUnused(before.Generation, stop);
        }

        if (_plan.State != RebuildState.Running)
        {
            return true;
        }

        if (known.Live.Number == _plan.Generation)
        {
            await End(RebuildState.Completed, log.Head);
            await keeper.DropRetired(stop);
            return true;
        }

        if (known.Next != _plan.Generation)
        {
            await keeper.DropIfUnused(_plan.Generation, stop);
            await End(RebuildState.Cancelled, _plan.Position);
            return true;
        }

        _plan = _plan with { TakingOver = known.TakingOver };
        return false;
    }

    // To the end of the log, again and again, until what is left is little enough for the subscription to wait for.
    private async Task Fill(GenerationFill fill, CancellationToken stop)
    {
        await fill.Retry(stop);
        _pace.Begin(fill.Position);
        do
        {
            await fill.Through(log.Head, () => Progress(fill, stop), stop);
        }
        while (log.Head - fill.Position > options.PageSize);
    }

    private async Task Progress(GenerationFill fill, CancellationToken stop)
    {
        stayActive();
        var position = fill.Position;
        if (_pace.IsDue(position))
        {
            _plan = await plans.Save(_plan with
            {
                Position = position,
                Target = log.Head,
                EventsPerSecond = Math.Round(_pace.Rate),
                SetAside = await _check.Count(_plan.Generation, stop),
                FailedAttempts = 0,
            });
            _failures = 0;
        }

        await _pace.Keep(position, log.Head, stop);
        fill.BesideOthers = _pace.OthersAppend;
    }

    private async Task End(RebuildState state, long position)
    {
        _plan = await plans.Save(_plan with
        {
            State = state, EndedAt = time.GetUtcNow(), Position = position, Target = log.Head, EventsPerSecond = 0,
            TakingOver = false, FailedAttempts = 0,
        });
        LogEnded(_plan.View, _plan.Generation, state, _plan.LastError);
    }

    [LoggerMessage(LogLevel.Information, "The rebuild of {View} as generation {Generation} has ended: {State} {Error}")]
    private partial void LogEnded(string view, int generation, RebuildState state, string? error);
}
