using System.Collections.Immutable;

namespace Loire.Monitoring;

/// <inheritdoc cref="ISubscriptionMonitorGrain"/>
[KeepAlive]
internal sealed class SubscriptionMonitorGrain(TimeProvider time) : Grain, ISubscriptionMonitorGrain
{
    /// <summary>More than anybody registers; beyond it those that have been silent for longest are forgotten.</summary>
    private const int Capacity = 10_000;

    private readonly Dictionary<(string Subscription, int Partition), Watched> _watched = [];
    private readonly long _started = time.GetTimestamp();

    public Task Report(ImmutableArray<PartitionReading> readings)
    {
        foreach (var reading in readings)
        {
            var key = (reading.Subscription, reading.Partition);
            if (!_watched.TryGetValue(key, out var watched))
            {
                _watched.Add(key, new Watched(reading, time));
            }
            else if (reading.Activation == watched.Reading.Activation || reading.HeartbeatAge <= watched.HeartbeatAge)
            {
                // A silo that was taken for dead may go on reporting a grain that has moved.
                watched.Take(reading);
            }
        }

        while (_watched.Count > Capacity)
        {
            _watched.Remove(_watched.MaxBy(w => w.Value.HeartbeatAge).Key);
        }

        return Task.CompletedTask;
    }

    public Task<MonitorReading> Read() => Task.FromResult(
        new MonitorReading(time.GetElapsedTime(_started), [.. _watched.Values.Select(w => w.Now())]));

    private sealed class Watched(PartitionReading first, TimeProvider time)
    {
        private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

        private double _rate;
        private long _takenAt = time.GetTimestamp();

        public PartitionReading Reading { get; private set; } = first;

        // Ages travel rather than instants, since no two machines have the same clock.
        public TimeSpan HeartbeatAge => Reading.HeartbeatAge + time.GetElapsedTime(_takenAt);

        public void Take(PartitionReading reading)
        {
            var since = time.GetElapsedTime(_takenAt);
            var before = reading.Activation == Reading.Activation ? Reading.Handled : 0;
            _rate = Faded(since) + (since > TimeSpan.Zero ? (reading.Handled - before) / since.TotalSeconds * (1 - Weight(since)) : 0);
            _takenAt = time.GetTimestamp();
            Reading = reading;
        }

        public MonitoredPartition Now()
        {
            var since = time.GetElapsedTime(_takenAt);
            return new MonitoredPartition(
                Reading with { HeartbeatAge = HeartbeatAge, FailingFor = Reading.FailingFor + since },
                since > Memory ? Faded(since) : _rate);
        }

        /// <summary>An exponential moving average: what was known before counts less the longer ago it is.</summary>
        private double Faded(TimeSpan since) => _rate * Weight(since);

        private static double Weight(TimeSpan since) => Math.Exp(-since / Memory);
    }
}
