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
    ILogger logger,
    Action stayActive)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly RebuildPace _pace = new(time, options.MaxEventsPerSecond, options.Courtesy);
    private RebuildPlan _plan = plan;
    private int _failures;
    private int _attempts;
    private long _failedAt = -1;

    /// <summary>Ends when the plan has ended, or with the token. It throws nothing.</summary>
    public async Task Run(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var fill = new GenerationFill(
                projection, catalog, log, store, options, _plan.Generation, [.. Enumerable.Range(0, projection.Partitions)]);
            try
            {
                if (await HasEnded(stop))
                {
                    return;
                }

                await Fill(fill, stop);
                await Subscription.TakeOver(_plan.Generation);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await Failed(e, fill, stop);
            }
        }
    }

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

        return false;
    }

    // To the end of the log, again and again, until what is left is little enough for the subscription to wait for.
    private async Task Fill(GenerationFill fill, CancellationToken stop)
    {
        await fill.Open(stop);
        _pace.Begin(fill.Position);
        do
        {
            await fill.Through(log.Head, () => Progress(fill.Position, stop), stop);
        }
        while (log.Head - fill.Position > options.PageSize);
    }

    private async Task Progress(long position, CancellationToken stop)
    {
        stayActive();
        if (_pace.IsDue(position))
        {
            _plan = await plans.Save(_plan with { Position = position, Target = log.Head, EventsPerSecond = Math.Round(_pace.Rate) });
            _failures = 0;
        }

        await _pace.Keep(position, log.Head, stop);
    }

    private async Task End(RebuildState state, long position)
    {
        _plan = await plans.Save(_plan with
        {
            State = state, EndedAt = time.GetUtcNow(), Position = position, Target = log.Head, EventsPerSecond = 0,
        });
        LogEnded(_plan.View, _plan.Generation, state, _plan.LastError);
    }

    // What may pass is tried again without end. What an event is to blame for is not.
    private async Task Failed(Exception failure, GenerationFill fill, CancellationToken stop)
    {
        LogFailure(failure, _plan.View, _plan.Generation, fill.Position);
        if (MayPass(failure))
        {
            _failures++;
        }
        else
        {
            _attempts = fill.Position == _failedAt ? _attempts + 1 : 1;
            _failedAt = fill.Position;
        }

        try
        {
            _plan = await plans.Save(_plan with { LastError = failure.Message });
            if (_attempts >= options.MaxAttempts)
            {
                await End(RebuildState.Failed, _failedAt);
                return;
            }
        }
        catch (Exception e)
        {
            // It could not be written down either. The plan is read anew.
            LogFailure(e, _plan.View, _plan.Generation, fill.Position);
        }

        var pause = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, _failures), LongestPause.TotalSeconds);
        await Task.Delay(TimeSpan.FromSeconds(pause), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    internal static bool MayPass(Exception e) => e is StoreUnavailableException or GenerationMovedException or GenerationGivenUpException
        or TimeoutException or OperationCanceledException or OrleansException;

    [LoggerMessage(LogLevel.Information, "The rebuild of {View} as generation {Generation} has ended: {State} {Error}")]
    private partial void LogEnded(string view, int generation, RebuildState state, string? error);

    [LoggerMessage(LogLevel.Warning, "The rebuild of {View} as generation {Generation} failed after position {Position}")]
    private partial void LogFailure(Exception e, string view, int generation, long position);
}
