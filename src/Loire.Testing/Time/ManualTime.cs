namespace Loire.Testing;

/// <summary>
/// A clock that a test moves. It stands still in between, or runs along with the system's. For the embedded engine; Orleans
/// takes part of its time from the system, whatever it is given.
/// </summary>
public sealed class ManualTime : TimeProvider
{
    private readonly ManualTimers _timers = new();
    private readonly TimeProvider? _real;
    private readonly Lock _gate = new();
    private readonly ITimer? _alarm;
    private DateTimeOffset _anchor;
    private long _anchoredAt;

    /// <summary>A clock that stands still at the beginning of 2030, or at another instant.</summary>
    public ManualTime(DateTimeOffset? start = null)
        : this(start, real: null)
    {
    }

    private ManualTime(DateTimeOffset? start, TimeProvider? real)
    {
        _real = real;
        _anchor = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _anchoredAt = real?.GetTimestamp() ?? 0;
        _alarm = real?.CreateTimer(_ => FireDue(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>
    /// A clock that runs along with the system's between two jumps, from the system's time or another instant on. A jump is
    /// to it what the sleep of the machine is to a process: what was due in between comes once, late.
    /// </summary>
    public static ManualTime Running(DateTimeOffset? start = null) => new(start ?? System.GetUtcNow(), System);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return Now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock. If it stands still otherwise, everything that is due on the way comes in its order, while the clock
    /// shows its time, before this returns. If it runs, timers that have become due come once, and then as from now on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Time does not go back.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        if (_real is not null)
        {
            lock (_gate)
            {
                MoveTo(target);
            }
        }

        FireDue(target);
        lock (_gate)
        {
            MoveTo(target);
        }
    }

    internal void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Set(timer, dueTime == Timeout.InfiniteTimeSpan ? null : Now + dueTime);
            SetAlarm();
        }

        // Due at once, and never on the stack of whoever sets it.
        if (_real is null && dueTime == TimeSpan.Zero)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => FireDue(), state: null);
        }
    }

    private DateTimeOffset Now => _real is null ? _anchor : _anchor + _real.GetElapsedTime(_anchoredAt);

    private void FireDue() => FireDue(GetUtcNow());

    private void FireDue(DateTimeOffset until)
    {
        while (TakeDue(until) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            SetAlarm();
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_timers.Next is not { } next || next.Due > until)
            {
                return null;
            }

            MoveTo(next.Due);
            _timers.Set(next.Timer, next.Timer.NextAfter(Now));
            return next.Timer;
        }
    }

    private void MoveTo(DateTimeOffset instant)
    {
        if (instant > Now)
        {
            (_anchor, _anchoredAt) = (instant, _real?.GetTimestamp() ?? 0);
        }
    }

    // Not less than a millisecond, so that an alarm which comes a little early does not turn into a busy loop.
    private void SetAlarm()
    {
        if (_alarm is null || _timers.Next is not { } next)
        {
            return;
        }

        var wait = Math.Clamp((next.Due - Now).TotalMilliseconds, 1, int.MaxValue);
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait)), Timeout.InfiniteTimeSpan);
    }
}
