namespace Loire.Testing.Simulation;

/// <summary>The clock of one simulated process.</summary>
internal sealed class SimulatedTime(Simulator simulator, SimulatedProcess process) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => simulator.UtcNow + process.ClockSkew;

    public override long GetTimestamp() => simulator.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(simulator, process, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer in virtual time. Its ticks are work of its process, so they wait while the process is frozen.</summary>
internal sealed class SimulatedTimer(Simulator simulator, SimulatedProcess process, Action tick) : ITimer
{
    private TimeSpan _period;
    private int _setting;
    private bool _disposed;

    public SimulatedProcess Process => process;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _setting++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            simulator.Schedule(this, _setting, dueTime);
        }

        return true;
    }

    /// <summary>Whether it has not been changed since.</summary>
    public bool IsSet(int setting) => _setting == setting && !_disposed;

    /// <summary>Ticks in a task of the process, so that what the callback starts comes back to it.</summary>
    public void Run() => new Task(Tick).RunSynchronously(process.Scheduler);

    public void Dispose() => _disposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Tick()
    {
        if (_disposed)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            simulator.Schedule(this, _setting, _period);
        }

        tick();
    }
}
