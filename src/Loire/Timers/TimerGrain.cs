using Loire.EventLog;
using Loire.Hosting;
using Loire.Queries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Loire.Timers;

/// <summary>Wakes those whose time has come. There is one, with key 0; what waits costs a document and no activation.</summary>
[Alias("loire.timers")]
public interface ITimerGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that it runs.</summary>
    /// <returns>When it last went round its loop.</returns>
    [AlwaysInterleave]
    [Alias("heartbeat")]
    Task<DateTimeOffset> Heartbeat();
}

/// <inheritdoc cref="ITimerGrain"/>
[KeepAlive]
internal sealed partial class TimerGrain(
    IEnumerable<WakeUpSource> sources,
    ViewReader reader,
    IEventLog log,
    TimeProvider time,
    HostStop stop,
    IOptions<TimerOptions> options,
    ILogger<TimerGrain> logger) : Grain, ITimerGrain
{
    // Views are this much behind the log as a rule, and under load they are not asked more often.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _deactivating = new();
    private DueTimers[] _timers = [];
    private Task _running = Task.CompletedTask;
    private DateTimeOffset _heartbeat;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var waker = new Waker(GrainFactory, time, stop, options.Value, logger);
        _timers = [.. sources.Select(s => new DueTimers(s, reader, waker, time, options.Value))];
        _heartbeat = time.GetUtcNow();
        _running = Run();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _running.WaitAsync(cancellationToken);
        _deactivating.Dispose();
    }

    public Task<DateTimeOffset> Heartbeat() => Task.FromResult(_heartbeat);

    private async Task Run()
    {
        await Task.Yield();
        while (!_deactivating.IsCancellationRequested)
        {
            try
            {
                var head = log.Head;
                await Rest(await Look(), head);
            }
            catch (OperationCanceledException) when (_deactivating.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, without this loop nothing would ever be due.
                LogFailure(stop.Explains(e) ? LogLevel.Debug : LogLevel.Warning, e, "the log");
                await Task.Delay(options.Value.Poll, time, _deactivating.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            _heartbeat = time.GetUtcNow();
        }
    }

    /// <returns>How long there is nothing to do.</returns>
    private async Task<TimeSpan> Look()
    {
        var pause = options.Value.Poll;
        foreach (var timers in _timers)
        {
            try
            {
                var wait = await timers.Look(_deactivating.Token);
                pause = wait < pause ? wait : pause;
            }
            catch (Exception e) when (!_deactivating.IsCancellationRequested)
            {
                // The others go on.
                LogFailure(stop.Explains(e) ? LogLevel.Debug : LogLevel.Warning, e, timers.View);
            }
        }

        return pause;
    }

    /// <summary>Rests until something is due, or the log has moved on, and with it perhaps a view.</summary>
    private async Task Rest(TimeSpan pause, long head)
    {
        await Task.Delay(ShortestPause, time, _deactivating.Token);
        if (pause <= ShortestPause)
        {
            return;
        }

        using var rested = CancellationTokenSource.CreateLinkedTokenSource(_deactivating.Token);
        var over = Task.Delay(pause - ShortestPause, time, rested.Token);
        var moved = log.WaitBeyond(head, rested.Token);
        if (await Task.WhenAny(over, moved) == moved)
        {
            await moved;
            await Task.WhenAny(over, Task.Delay(Settling, time, rested.Token));
        }

        await rested.CancelAsync();
        _deactivating.Token.ThrowIfCancellationRequested();
    }

    [LoggerMessage("The timers of {View} could not be looked at; it is tried again")]
    private partial void LogFailure(LogLevel level, Exception e, string view);
}
