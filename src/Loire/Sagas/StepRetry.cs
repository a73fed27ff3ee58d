using System.Collections.Immutable;
using System.Text;

namespace Loire.Sagas;

/// <summary>
/// How a step, or its compensation, is tried again. Rejections are tried again only as often as it says; what fails because
/// something is out of order (a store that does not answer, say) is tried again for ever, but shows as stuck after a while.
/// </summary>
public sealed record StepRetry
{
    private static readonly TimeSpan SlowestDelay = TimeSpan.FromHours(1);

    /// <summary>The delay after the first failure. Default: 100 ms; more than zero.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The largest delay. Default: 5 s; not less than <see cref="Initial"/>.</summary>
    public TimeSpan Largest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What each delay is multiplied by to give the next. Default: 2; 1 (the same each time) to 10.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>
    /// The part of a delay that varies from saga to saga, 0 to 1. It follows from the saga's id, the step and the attempt, so
    /// it is the same every time. Default: 0.2.
    /// </summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>How often it is tried in all when it is rejected. Default: 1; 1 to 1000.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The codes of the rejections that are worth another attempt; all of them if it is empty, which is the default.</summary>
    public ImmutableArray<string> On { get; init; } = [];

    /// <summary>After how many failures that are no rejections the saga shows as stuck. Default: 10; 1 to 1000.</summary>
    public int StuckAfter { get; init; } = 10;

    /// <summary>The first delay of what is stuck; each is twice the one before, up to an hour. Default: 1 minute.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromMinutes(1);

    internal bool Covers(string code, int attempt) => attempt < Attempts && (On.IsEmpty || On.Contains(code));

    /// <param name="subject">Saga and step.</param>
    /// <param name="attempt">The attempt that has failed, from 1.</param>
    internal TimeSpan DelayAfter(string subject, int attempt) =>
        Varied(subject, attempt, Math.Min(Initial.TotalSeconds * Math.Pow(Factor, attempt - 1), Largest.TotalSeconds));

    /// <param name="subject">Saga and step.</param>
    /// <param name="times">How often it was found to be stuck before.</param>
    internal TimeSpan SlowDelay(string subject, int times) =>
        Varied(subject, times, Math.Min(Slow.TotalSeconds * Math.Pow(2, Math.Min(times, 30)), SlowestDelay.TotalSeconds));

    internal IEnumerable<string> Mistakes()
    {
        if (Initial <= TimeSpan.Zero || Largest < Initial || Slow <= TimeSpan.Zero)
        {
            yield return "its delays must be more than zero, and the largest not less than the first";
        }

        if (Factor is not (>= 1 and <= 10) || Jitter is not (>= 0 and <= 1))
        {
            yield return "its factor must be 1 to 10, and its jitter 0 to 1";
        }

        if (Attempts is not (>= 1 and <= 1000) || StuckAfter is not (>= 1 and <= 1000))
        {
            yield return "its attempts must be 1 to 1000";
        }
    }

    private TimeSpan Varied(string subject, int attempt, double seconds) =>
        TimeSpan.FromSeconds(seconds * (1 - (Jitter * Fraction($"{subject}/{attempt}"))));

    // FNV-1a: the same in every process, which the hash codes of .NET are not.
    private static double Fraction(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        return ((hash ^ (hash >> 32)) & uint.MaxValue) / (double)uint.MaxValue;
    }
}
