namespace Loire.Projections;

/// <summary>How fast a rebuild gets on, when that is to be written down, and how long to wait so that it is not too fast.</summary>
internal sealed class RebuildPace(TimeProvider time, int maxPerSecond, double courtesy)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long _begun;
    private long _from;
    private long _written;
    private long _writtenAt;
    private long _head;
    private long _restedAt;
    private long? _othersAt;

    /// <summary>Positions per second since the last time it was written down.</summary>
    public double Rate { get; private set; }

    /// <summary>Whether others have appended to the log within the last second.</summary>
    public bool OthersAppend => _othersAt is { } at && time.GetElapsedTime(at) < Period;

    public void Begin(long position)
    {
        (_from, _written) = (position, position);
        _begun = _writtenAt = _restedAt = time.GetTimestamp();
    }

    /// <summary>Whether a second has gone by.</summary>
    public bool IsDue(long position)
    {
        var elapsed = time.GetElapsedTime(_writtenAt);
        if (elapsed < Period)
        {
            return false;
        }

        Rate = (position - _written) / elapsed.TotalSeconds;
        (_written, _writtenAt) = (position, time.GetTimestamp());
        return true;
    }

    /// <summary>Waits until so many positions may have been handled, and for others to get on if they append to the log.</summary>
    /// <param name="position">As far as it has come.</param>
    /// <param name="head">The end of the log.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task Keep(long position, long head, CancellationToken cancellation)
    {
        var ahead = maxPerSecond <= 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds((position - _from) / (double)maxPerSecond) - time.GetElapsedTime(_begun);
        var rest = TimeSpan.Zero;
        if (_head > 0 && head > _head)
        {
            _othersAt = time.GetTimestamp();
            rest = time.GetElapsedTime(_restedAt) * courtesy;
        }

        var pause = ahead > rest ? ahead : rest;
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, cancellation);
        }

        (_head, _restedAt) = (head, time.GetTimestamp());
    }
}
