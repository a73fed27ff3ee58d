namespace Loire.Testing;

/// <summary>A timer of a <see cref="ManualTime"/>.</summary>
internal sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan period = Timeout.InfiniteTimeSpan;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        this.period = period;
        time.Schedule(this, dueTime);
        return true;
    }

    public void Fire() => callback(state);

    /// <summary>When it comes again; <see langword="null"/> if it does not.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset due) =>
        period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : due + period;

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
    private readonly SortedDictionary<(DateTimeOffset Due, long Number), ManualTimer> queue = [];
    private readonly Dictionary<ManualTimer, (DateTimeOffset Due, long Number)> places = [];
    private long numbers;

    /// <summary>The one that is due next.</summary>
    public (DateTimeOffset Due, ManualTimer Timer)? Next =>
        queue.Count == 0 ? null : queue.First() is var first ? (first.Key.Due, first.Value) : null;

    public void Set(ManualTimer timer, DateTimeOffset? due)
    {
        if (places.Remove(timer, out var place))
        {
            queue.Remove(place);
        }

        if (due is { } instant)
        {
            places[timer] = (instant, ++numbers);
            queue.Add(places[timer], timer);
        }
    }
}
