namespace Loire.Engine;

/// <summary>
/// A coarse clock that costs a field read, in milliseconds, the same for all clocks on one time provider. Its ticks also look
/// for overdue calls.
/// </summary>
internal sealed class EngineClock(TimeProvider time) : IDisposable
{
    /// <summary>How coarse it is.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _ticking = new();
    private ITimer? _timer;
    private long _now = Read(time);

    public long Now => Volatile.Read(ref _now);

    /// <summary>The first tick that is certainly not earlier than this time from now.</summary>
    public long After(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? long.MaxValue : Now + (long)(time + Period).TotalMilliseconds;

    public void Start(Action<long> onTick)
    {
        Volatile.Write(ref _now, Read(time));
        _timer = time.CreateTimer(_ => Tick(onTick), state: null, Period, Period);
    }

    public void Dispose() => _timer?.Dispose();

    private static long Read(TimeProvider time) => (long)time.GetElapsedTime(0).TotalMilliseconds;

    private void Tick(Action<long> onTick)
    {
        // A slow tick is not overtaken: the next one makes up for it.
        if (!_ticking.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _now, Read(time));
            onTick(_now);
        }
        finally
        {
            _ticking.Exit();
        }
    }
}
