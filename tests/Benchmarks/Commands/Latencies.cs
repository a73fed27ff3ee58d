namespace Loire.Benchmarks.Commands;

/// <summary>Times of many operations, in milliseconds, and how long they took together.</summary>
internal sealed class Latencies(IEnumerable<double> milliseconds, TimeSpan elapsed)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public double PerSecond => _sorted.Length / elapsed.TotalSeconds;

    /// <summary>The nearest-rank percentile.</summary>
    public double Percentile(double percent) => _sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * _sorted.Length) - 1)];
}
