namespace Loire.Benchmarks.Commands;

/// <summary>Times of many operations, in milliseconds, and how long they took together.</summary>
/// <param name="milliseconds">Their times.</param>
/// <param name="elapsed">From the first one's beginning to the last one's end.</param>
/// <param name="processor">What this process took of the processors meanwhile; zero if that was not measured.</param>
internal sealed class Latencies(IEnumerable<double> milliseconds, TimeSpan elapsed, TimeSpan processor = default)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    public double PerSecond => _sorted.Length / elapsed.TotalSeconds;

    /// <summary>Processor time of this process per operation, whatever it was spent on.</summary>
    public double ProcessorMicroseconds => processor.TotalMicroseconds / _sorted.Length;

    /// <summary>The nearest-rank percentile.</summary>
    public double Percentile(double percent) => _sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * _sorted.Length) - 1)];
}
