namespace Loire.Testing;

/// <summary>A timer of a <see cref="ManualTime"/>.</summary>
internal sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        time.Schedule(this, dueTime);
        return true;
    }

    public void Fire() => callback(state);

    /// <summary>When it comes again; <see langword="null"/> if it does not.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset due) =>
        _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? null : due + _period;

    public void Dispose() => time.Schedule(this, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Timers by when they are due; those that are due together in the order in which they were set.</summary>
internal sealed class ManualTimers
{
    private readonly SortedDictionary<(DateTimeOffset Due, long Number), ManualTimer> _queue = [];
    private readonly Dictionary<ManualTimer, (DateTimeOffset Due, long Number)> _places = [];
    private long _numbers;

    /// <summary>The one that is due next.</summary>
    public (DateTimeOffset Due, ManualTimer Timer)? Next =>
        _queue.Count == 0 ? null : _queue.First() is var first ? (first.Key.Due, first.Value) : null;

    public void Set(ManualTimer timer, DateTimeOffset? due)
    {
        if (_places.Remove(timer, out var place))
        {
            _queue.Remove(place);
        }

        if (due is { } instant)
        {
            _places[timer] = (instant, ++_numbers);
            _queue.Add(_places[timer], timer);
        }
    }
}
