using Orleans.Runtime;
using Orleans.Timers;

namespace Loire.Engine;

internal sealed class TimerRegistry : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new GrainTimer((Activation)grainContext, token => callback(state, token), options);
        timer.Start();
        return timer;
    }
}

/// <summary>Ticks as turns of a grain. The next tick is set when one has ended, so ticks never pile up.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _period;
    private int _changes;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        _period = options.Period;
        _timer = activation.Runtime.Time.CreateTimer(
            static timer => ((GrainTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        if (!_activation.TryAddTimer(this))
        {
            Dispose();
            throw new InvalidOperationException($"{_activation.GrainId} ends, so it cannot have a new timer");
        }

        Change(_options.DueTime, _options.Period);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        Interlocked.Increment(ref _changes);
        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _timer.Dispose();
        _activation.RemoveTimer(this);
    }

    private void OnDue()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        var tick = new Tick(this) { Deadline = long.MaxValue };
        _activation.Scheduler.TryEnqueue(tick);
    }

    private async Task OnTick()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        var changes = Volatile.Read(ref _changes);
        try
        {
            await _callback(_disposed.Token);
        }
        catch (Exception exception) when (IsCutOff(exception))
        {
            _activation.Runtime.Log.CutOff(exception, _activation.GrainId);
        }
        catch (Exception exception)
        {
            _activation.Runtime.Log.TimerFailed(exception, _activation.GrainId);
        }

        // A callback that has set the next tick itself knows better.
        if (changes == Volatile.Read(ref _changes))
        {
            SetNextTick();
        }
    }

    private bool IsCutOff(Exception exception) =>
        (_disposed.IsCancellationRequested && exception is OperationCanceledException) || _activation.Runtime.IsCutOff(exception);

    private void SetNextTick()
    {
        if (!_disposed.IsCancellationRequested)
        {
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Tick(GrainTimer timer) : InternalRequest(timer._options.Interleave)
    {
        internal override bool RefreshesIdleness => timer._options.KeepAlive;

        internal override bool OutlivesActivation => false;

        // A tick fails only where the mailbox is full: then the next one may do better.
        internal override void TryFail(Exception exception)
        {
            timer._activation.Runtime.Log.TimerFailed(exception, timer._activation.GrainId);
            timer.SetNextTick();
        }

        protected override Task Call(object grain) => timer.OnTick();
    }
}
