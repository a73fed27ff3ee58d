using System.Diagnostics.Metrics;
using Loire.EventLog;
using Loire.Sagas;
using Microsoft.Extensions.Logging;

namespace Loire.Metrics;

/// <summary>What the sagas of this silo have come to, told by their grains as they record it.</summary>
internal sealed partial class SagaMetrics
{
    // From a saga that runs through to one that waits for people.
    private static readonly double[] Seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600, 86_400, 604_800];

    private readonly Counter<long> _started;
    private readonly Histogram<double> _durations;
    private readonly IEventLog _log;
    private readonly ILogger _logger;

    public SagaMetrics(LoireMetrics metrics, IEventLog log, ILogger<SagaMetrics> logger)
    {
        (_log, _logger) = (log, logger);
        _started = metrics.Meter.CreateCounter<long>("loire.sagas.started", "{saga}", "Sagas that this silo has started.");
        _durations = metrics.Meter.CreateHistogram(
            "loire.saga.duration",
            "s",
            "Time from the start of a saga to its end, where this silo has recorded the end.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
    }

    /// <summary>Events of a saga are on disk.</summary>
    /// <param name="saga">The saga.</param>
    /// <param name="events">The events.</param>
    /// <param name="at">When they happened.</param>
    /// <param name="startedAt">When the saga started, if that is known.</param>
    public void Recorded(StreamName saga, IReadOnlyList<SagaEvent> events, DateTimeOffset at, DateTimeOffset? startedAt)
    {
        if (events[0] is SagaEvent.Started)
        {
            _started.Add(1, new KeyValuePair<string, object?>("saga", saga.Aggregate));
        }

        if (_durations.Enabled && events[^1] is SagaEvent.Completed or SagaEvent.Failed)
        {
            _ = Ended(saga, events[^1] is SagaEvent.Completed ? "completed" : "failed", at, startedAt);
        }
    }

    /// <summary>Measures how long a saga took. Where its start is long past, the log is asked for it; nobody waits for that.</summary>
    private async Task Ended(StreamName saga, string status, DateTimeOffset at, DateTimeOffset? startedAt)
    {
        try
        {
            var from = startedAt ?? (await _log.ReadStream(saga, 1, limit: 1, ReadDirection.Forwards)).Events[0].OccurredAt;
            _durations.Record(
                Math.Max(0, (at - from).TotalSeconds),
                new KeyValuePair<string, object?>("saga", saga.Aggregate),
                new KeyValuePair<string, object?>("status", status));
        }
        catch (StoreUnavailableException e)
        {
            LogNotMeasured(e, saga.Aggregate, saga.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "How long {Saga} {Id} took is not counted, because the store does not say when it started")]
    private partial void LogNotMeasured(Exception e, string saga, string id);
}
