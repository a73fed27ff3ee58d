namespace Loire.Engine;

/// <summary>A coarse clock that costs a field read, in milliseconds since the start. Its ticks also look for overdue calls.</summary>
internal sealed class EngineClock(TimeProvider time) : IDisposable
{
    /// <summary>How coarse it is.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private readonly Lock _ticking = new();
    private ITimer? _timer;
    private long _now;

    public long Now => Volatile.Read(ref _now);

    /// <summary>The first tick that is certainly not earlier than this time from now.</summary>
    public long After(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? long.MaxValue : Now + (long)(time + Period).TotalMilliseconds;

    public void Start(Action<long> onTick) => _timer = time.CreateTimer(_ => Tick(onTick), state: null, Period, Period);

    public void Dispose() => _timer?.Dispose();

    private void Tick(Action<long> onTick)
    {
        // A slow tick is not overtaken: the next one makes up for it.
        if (!_ticking.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _now, (long)time.GetElapsedTime(_start).TotalMilliseconds);
            onTick(_now);
        }
        finally
        {
            _ticking.Exit();
        }
    }
}
