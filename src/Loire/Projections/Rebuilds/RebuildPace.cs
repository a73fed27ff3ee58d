namespace Loire.Projections;

/// <summary>How fast a rebuild gets on, when that is to be written down, and how long to wait so that it is not too fast.</summary>
internal sealed class RebuildPace(TimeProvider time, int maxPerSecond)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long _begun;
    private long _from;
    private long _written;
    private long _writtenAt;

    /// <summary>Positions per second since the last time it was written down.</summary>
    public double Rate { get; private set; }

    public void Begin(long position)
    {
        (_from, _written) = (position, position);
        _begun = _writtenAt = time.GetTimestamp();
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

    /// <summary>Waits until so many positions may have been handled.</summary>
    public async Task Keep(long position, CancellationToken cancellation)
    {
        if (maxPerSecond <= 0)
        {
            return;
        }

        var ahead = TimeSpan.FromSeconds((position - _from) / (double)maxPerSecond) - time.GetElapsedTime(_begun);
        if (ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, time, cancellation);
        }
    }
}
