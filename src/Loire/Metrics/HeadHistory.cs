namespace Loire.Metrics;

/// <summary>When the log had which head, looked at from time to time: tells how old a position is without reading the log.</summary>
internal sealed class HeadHistory(TimeProvider time)
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly List<(long Head, long At)> _seen = [];

    /// <summary>Notes the head as it is now.</summary>
    public void Note(long head)
    {
        lock (_gate)
        {
            if (_seen.Count > 0 && _seen[^1].Head >= head)
            {
                return;
            }

            if (_seen.Count == Capacity)
            {
                // The longer ago, the less it matters when exactly.
                Thin();
            }

            _seen.Add((head, time.GetTimestamp()));
        }
    }

    /// <summary>
    /// How long ago the log was first seen to be beyond a position; zero if it has not been. A position from before the first
    /// note counts from that.
    /// </summary>
    public TimeSpan AgeOf(long position)
    {
        lock (_gate)
        {
            var (low, high) = (0, _seen.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _seen[middle].Head > position ? (low, middle) : (middle + 1, high);
            }

            return low == _seen.Count ? TimeSpan.Zero : time.GetElapsedTime(_seen[low].At);
        }
    }

    private void Thin()
    {
        var kept = _seen.Where((_, i) => i % 2 == 0 || i > Capacity / 2).ToList();
        _seen.Clear();
        _seen.AddRange(kept);
    }
}
