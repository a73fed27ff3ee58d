using System.Diagnostics.CodeAnalysis;

namespace Loire.Sagas;

/// <summary>How often the moves of a saga could not be made since they last could, and when they may be made again.</summary>
internal sealed class SagaBackoff
{
    private readonly Dictionary<string, Entry> _entries = [];

    public TimeSpan Failed(string step, string subject, StepRetry policy, Exception failure, DateTimeOffset now)
    {
        var times = (_entries.TryGetValue(step, out var entry) ? entry.Times : 0) + 1;
        var delay = policy.DelayAfter(subject, times);
        _entries[step] = new Entry(times, now + delay, failure.Message);
        return delay;
    }

    public void Clear(string step) => _entries.Remove(step);

    public bool TryGet(string step, [NotNullWhen(true)] out Entry? entry) => _entries.TryGetValue(step, out entry);

    /// <param name="Times">How often it has failed.</param>
    /// <param name="NotBefore">When it may be tried again.</param>
    /// <param name="Message">Why it failed last.</param>
    internal sealed record Entry(int Times, DateTimeOffset NotBefore, string Message);
}
