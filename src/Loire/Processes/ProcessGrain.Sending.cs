using Microsoft.Extensions.Logging;

namespace Loire.Processes;

/// <summary>Sends what the process has decided, one command after the other, until all of it is answered.</summary>
public abstract partial class ProcessGrain<TProcess>
{
    private Task _sending = Task.CompletedTask;

    private async Task Send()
    {
        await Task.Yield();
        for (var failures = 0; Current.Outbox.Count > 0 && !_deactivating.IsCancellationRequested;)
        {
            DelayDeactivation(TimeSpan.FromMinutes(1));
            try
            {
                // Only what is on disk is sent.
                await _journal.Settled();
                if (State.State?.Outbox is [var next, ..])
                {
                    var outcome = await _outbox.Carry(next, _rules);
                    await _journal.Ready();
                    await Commit(outcome(Current), Current.Cause);
                    failures = 0;
                }
            }
            catch (Exception e) when (!_deactivating.IsCancellationRequested)
            {
                var delay = ProcessOutbox.DelayAfter(++failures);
                LogRetry(_stop.Explains(e) ? LogLevel.Debug : LogLevel.Warning, e, GetType().Name, Id, failures, delay);
                await Task.Delay(delay, _time, _deactivating.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }

        GoOn();
    }

    [LoggerMessage("{Process} {Id} could not send a command (attempt {Attempt}); next attempt in {Delay}")]
    private partial void LogRetry(LogLevel level, Exception e, string process, string id, int attempt, TimeSpan delay);
}
