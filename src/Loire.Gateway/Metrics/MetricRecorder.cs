using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Loire.Metrics;

namespace Loire.Gateway.Metrics;

/// <summary>Listens to the meter of this host and keeps what it says, for whoever asks.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();

    public MetricRecorder(LoireMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other hosts of this process have meters of the same name.
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, _ => new MetricFamily(instrument)));
            }
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Take(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>Observes what is to be observed, and hands everything over, in order of names.</summary>
    public T Read<T>(Func<IReadOnlyList<MetricFamily>, T> take)
    {
        lock (_reading)
        {
            MetricFamily[] families = [.. _families.Values.OrderBy(f => f.Instrument.Name, StringComparer.Ordinal)];
            foreach (var observed in families.Where(f => f.Instrument.IsObservable))
            {
                observed.Forget();
            }

            _listener.RecordObservableInstruments();
            return take(families);
        }
    }

    public void Dispose() => _listener.Dispose();
}
