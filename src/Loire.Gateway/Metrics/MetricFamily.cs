using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Loire.Gateway.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All series of one instrument.</summary>
internal sealed class MetricFamily
{
    /// <summary>More than the label sets that the platform has: aggregate types, outcomes, partitions of subscriptions.</summary>
    internal const int MaxSeries = 10_000;

    private readonly ConcurrentDictionary<Labels, Series> _series = [];

    public MetricFamily(Instrument instrument)
    {
        Instrument = instrument;
        Bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        Kind = instrument switch
        {
            Histogram<double> => MetricKind.Histogram,
            Counter<long> or ObservableCounter<long> => MetricKind.Counter,
            _ => MetricKind.Gauge,
        };
    }

    public Instrument Instrument { get; }

    public MetricKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public IReadOnlyList<double> Bounds { get; }

    public IEnumerable<(Labels Labels, SeriesReading Reading)> Series => _series.Select(s => (s.Key, s.Value.Read()));

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            series = _series.GetOrAdd(_series.Count < MaxSeries ? labels : Labels.Overflow, _ => new Series(Bounds));
        }

        if (Instrument.IsObservable)
        {
            series.Set(value);
        }
        else
        {
            series.Record(value);
        }
    }

    /// <summary>Before it is observed anew: what is not there any more is not told any more.</summary>
    public void Forget() => _series.Clear();
}
