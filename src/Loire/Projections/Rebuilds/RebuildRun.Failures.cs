using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Loire.Projections;

/// <content>What becomes of it when something fails.</content>
internal sealed partial class RebuildRun
{
    private int _failures;
    private int _attempts;
    private long _failedAt = -1;

    internal static bool MayPass(Exception e) => e is StoreUnavailableException or CheckpointMovedException
        or GenerationMovedException or GenerationGivenUpException or TimeoutException or OperationCanceledException or OrleansException;

    /// <returns><see langword="false"/> if it has ended, because it could not handle more than before.</returns>
    private async Task<bool> MayTakeOver(GenerationFill fill, CancellationToken stop)
    {
        var live = (await generations.Of(projection, stop)).Live;
        var (complaint, compared) = await Compare(live, stop);
        if (complaint is not null && !_plan.AcceptsDeadLetters)
        {
            // What somebody has decided meanwhile counts, and what another event was missing may have come.
            await fill.Retry(stop);
            (complaint, compared) = await Compare(live, stop);
        }

        var setAside = await _check.Count(_plan.Generation, stop);
        if (complaint is not null && !_plan.AcceptsDeadLetters)
        {
            _plan = _plan with { LastError = complaint, SetAside = setAside };
            await End(RebuildState.Failed, fill.Position);
            return false;
        }

        // In any case: if it has been paused or cancelled meanwhile, through another activation, that shows here.
        _plan = await plans.Save(_plan with { SetAside = setAside, Compared = complaint is null ? compared : null });
        return true;
    }

    private async Task<(string? Complaint, ComparedLetters Compared)> Compare(Generation live, CancellationToken stop)
    {
        var compared = await _check.Basis(live, _plan.Generation, stop);
        return (await _check.Complaint(live, _plan.Generation, compared: null, stop), compared);
    }

    // What may pass is tried again without end, and so is a take-over: by then everything has been handled. What an event is
    // to blame for is not.
    private async Task Failed(Exception failure, bool isFilled, long position, CancellationToken stop)
    {
        LogFailure(failure, _plan.View, _plan.Generation, position);
        if (isFilled || MayPass(failure) || !failures.Policy.Blames(failure))
        {
            _failures++;
        }
        else
        {
            // More is set aside with each attempt if it stops for another reason than its policy.
            var isLast = failure is SubscriptionStoppedException && failures.Policy.Then != FailureAction.Stop;
            _attempts = isLast ? options.MaxAttempts : position == _failedAt ? _attempts + 1 : 1;
            _failedAt = position;
        }

        try
        {
            // What begins a take-over is written down in the plan too.
            if (isFilled && await plans.Find(_plan.View, stop) is { State: RebuildState.Running } now && now.Generation == _plan.Generation)
            {
                _plan = now;
            }

            _plan = await plans.Save(_plan with { LastError = failure.Message, FailedAttempts = _plan.FailedAttempts + 1 });
            if (_attempts >= options.MaxAttempts && !_plan.TakingOver)
            {
                _plan = _plan with { SetAside = await _check.Count(_plan.Generation, stop) };
                await End(RebuildState.Failed, _failedAt);
                return;
            }
        }
        catch (Exception e)
        {
            // It could not be written down either. The plan is read anew.
            LogFailure(e, _plan.View, _plan.Generation, position);
        }

        var pause = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, _failures), LongestPause.TotalSeconds);
        await Task.Delay(TimeSpan.FromSeconds(pause), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [LoggerMessage(LogLevel.Warning, "The rebuild of {View} as generation {Generation} failed after position {Position}")]
    private partial void LogFailure(Exception e, string view, int generation, long position);
}
