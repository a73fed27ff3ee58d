using Loire.EventLog.Views;

namespace Loire.Timers;

/// <summary>
/// Remembers who has been woken, because a view shows only a while later that it helped, or never, if the instance fails.
/// Used by one grain, so it needs no lock.
/// </summary>
internal sealed class WakeUpAttempts(int capacity, TimeProvider time, TimerOptions options)
{
    private readonly Dictionary<string, Attempt> _attempts = new(StringComparer.Ordinal);
    private int _sweep;

    /// <summary>Whether an instance is to be woken now; if so, that is remembered.</summary>
    /// <param name="document">The instance's document.</param>
    /// <param name="due">The time that it says.</param>
    /// <param name="sweeping">Everything that is due is being looked at, which does not happen often.</param>
    public bool Begin(ViewDocument document, DateTimeOffset due, bool sweeping)
    {
        if (!_attempts.TryGetValue(document.Id, out var attempt))
        {
            if (_attempts.Count >= capacity)
            {
                // Without a note it would be woken again and again, but not more often than everything is looked at.
                return sweeping;
            }

            _attempts.Add(document.Id, attempt = new Attempt());
        }

        attempt.Seen = _sweep;
        if (attempt.Due != due)
        {
            (attempt.Due, attempt.Count) = (due, 0);
        }
        else if (time.GetElapsedTime(attempt.At) < DelayAfter(attempt.Count))
        {
            return false;
        }

        (attempt.Count, attempt.At) = (attempt.Count + 1, time.GetTimestamp());
        return true;
    }

    /// <summary>Everything that is due has been looked at: those that were not among it need not be remembered.</summary>
    public void Swept()
    {
        foreach (var (id, attempt) in _attempts)
        {
            if (attempt.Seen < _sweep)
            {
                _attempts.Remove(id);
            }
        }

        _sweep++;
    }

    private TimeSpan DelayAfter(int attempts) => TimeSpan.FromMilliseconds(
        Math.Min(options.RetryDelay.TotalMilliseconds * Math.Pow(2, attempts - 1), options.MaxRetryDelay.TotalMilliseconds));

    private sealed class Attempt
    {
        public DateTimeOffset Due { get; set; }

        public int Count { get; set; }

        public long At { get; set; }

        public int Seen { get; set; }
    }
}
