namespace Loire.Gateway.Metrics;

/// <summary>What is known of an instrument under one set of labels.</summary>
internal sealed class Series(IReadOnlyList<double> bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Count];
    private double _sum;
    private long _count;

    /// <summary>Adds to a counter, or takes a value into a histogram.</summary>
    public void Record(double value)
    {
        lock (_gate)
        {
            _sum += value;
            _count++;
            for (var i = 0; i < _buckets.Length; i++)
            {
                if (value <= bounds[i])
                {
                    _buckets[i]++;
                    return;
                }
            }
        }
    }

    /// <summary>Takes the place of what was known before.</summary>
    public void Set(double value)
    {
        lock (_gate)
        {
            _sum = value;
        }
    }

    public SeriesReading Read()
    {
        lock (_gate)
        {
            return new SeriesReading(_sum, _count, [.. _buckets]);
        }
    }
}

/// <param name="Sum">Of a counter or gauge, its value; of a histogram, the sum of its values.</param>
/// <param name="Count">How many values.</param>
/// <param name="Buckets">How many of them are above the bound before and not above this one.</param>
internal sealed record SeriesReading(double Sum, long Count, IReadOnlyList<long> Buckets);
