using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Monitoring;

/// <summary>
/// Says how subscriptions do, without calling them and without waking any: from what their silos have reported, from their
/// checkpoints where nothing was, and from the log itself.
/// </summary>
public sealed partial class SubscriptionOverview
{
    private const int ReadsAtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(5);

    private readonly SubscriptionRegistry _registry;
    private readonly SubscriptionStarts _starts;
    private readonly IGrainFactory _grains;
    private readonly IEventLog _log;
    private readonly IViewStore _store;
    private readonly TimeProvider _time;
    private readonly SubscriptionOptions _options;
    private readonly ILogger<SubscriptionOverview> _logger;

    internal SubscriptionOverview(
        SubscriptionRegistry registry,
        SubscriptionStarts starts,
        IGrainFactory grains,
        IEventLog log,
        IViewStore store,
        TimeProvider time,
        IOptions<SubscriptionOptions> options,
        ILogger<SubscriptionOverview> logger)
    {
        (_registry, _starts, _grains, _log, _store) = (registry, starts, grains, log, store);
        (_time, _options, _logger) = (time, options.Value, logger);
    }

    /// <summary>How all subscriptions do, by name.</summary>
    public Task<IReadOnlyList<SubscriptionHealth>> Read(CancellationToken cancellation) => Read(_registry.All, cancellation);

    /// <summary>How some subscriptions do, in the order in which they are given.</summary>
    public async Task<IReadOnlyList<SubscriptionHealth>> Read(
        IReadOnlyList<SubscriptionDefinition> subscriptions, CancellationToken cancellation)
    {
        var monitor = await AskMonitor(cancellation);
        var reported = (monitor?.Partitions ?? []).ToDictionary(p => (p.Reading.Subscription, p.Reading.Partition));
        var head = _log.Head;
        var found = subscriptions.Select(s => new PartitionHealth[s.Partitions]).ToArray();
        var all = from s in Enumerable.Range(0, subscriptions.Count) from p in Enumerable.Range(0, subscriptions[s].Partitions) select (s, p);
        var degree = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(all, degree, async (at, stop) =>
        {
            var subscription = subscriptions[at.s];
            reported.TryGetValue((subscription.Name, at.p), out var partition);
            found[at.s][at.p] = await Read(subscription, at.p, partition, monitor?.Age, head, stop);
        });
        return [.. subscriptions.Select((s, i) => new SubscriptionHealth(s, head, found[i]))];
    }

    private async Task<MonitorReading?> AskMonitor(CancellationToken cancellation)
    {
        try
        {
            return await _grains.GetGrain<ISubscriptionMonitorGrain>(0).Read().WaitAsync(Patience, _time, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogNoMonitor(e);
            return null;
        }
    }

    private async Task<PartitionHealth> Read(
        SubscriptionDefinition subscription,
        int partition,
        MonitoredPartition? reported,
        TimeSpan? listening,
        long head,
        CancellationToken cancellation)
    {
        var position = reported?.Reading.Position ?? 0;
        TimeSpan? lagTime = null;
        try
        {
            // A grain that has not found out yet where it stands reports 0.
            position = position > 0 ? position : await Checkpoint(subscription, partition, cancellation);
            (position, lagTime) = await Lag(subscription, partition, position, head, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            LogNoStore(e, subscription.Name);
        }

        var reading = reported?.Reading;
        return new PartitionHealth(
            partition,
            reading is null ? StateOfSilent(listening) : StateOf(reading, lagTime),
            position,
            Math.Max(0, head - position),
            lagTime,
            reported?.Rate ?? 0,
            reading?.Failures ?? 0,
            reading?.LastError,
            reading?.HeartbeatAge);
    }

    private async Task<long> Checkpoint(SubscriptionDefinition subscription, int partition, CancellationToken cancellation) =>
        await (subscription.ReadCheckpoint?.Invoke(partition, cancellation)
            ?? _store.Checkpoint(subscription.Name, partition, cancellation)) is > 0 and var checkpoint
            ? checkpoint
            : await _starts.Known(subscription, cancellation);

    /// <summary>Steps over what the partition does not want: a checkpoint need not be written for that.</summary>
    private async Task<(long Position, TimeSpan LagTime)> Lag(
        SubscriptionDefinition subscription, int partition, long position, long head, CancellationToken cancellation)
    {
        if (position >= head)
        {
            return (position, TimeSpan.Zero);
        }

        var page = await _log.ReadAll(position, subscription.FilterOf(partition), limit: 1, cancellation);
        return page.Events is [var next, ..] && next.Position <= head
            ? (next.Position - 1, Max(TimeSpan.Zero, _time.GetUtcNow() - next.OccurredAt))
            : (head, TimeSpan.Zero);
    }

    private SubscriptionState StateOf(PartitionReading reading, TimeSpan? lagTime) => reading switch
    {
        _ when reading.HeartbeatAge > _options.DeadAfter => SubscriptionState.Dead,
        { Mode: SubscriptionMode.Stopped } => SubscriptionState.Stopped,
        { Mode: SubscriptionMode.Paused } => SubscriptionState.Paused,
        _ when reading.FailingFor > _options.StuckAfter => SubscriptionState.Stuck,
        { Failures: > 0 } => SubscriptionState.Retrying,
        _ => lagTime >= Behind ? SubscriptionState.CatchingUp : SubscriptionState.Ok,
    };

    private SubscriptionState StateOfSilent(TimeSpan? listening) => listening is not { } age
        ? SubscriptionState.Unknown
        : age > _options.DeadAfter ? SubscriptionState.Dead : SubscriptionState.Starting;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(LogLevel.Warning, "The monitor of the subscriptions does not answer")]
    private partial void LogNoMonitor(Exception e);

    [LoggerMessage(LogLevel.Debug, "The store does not say how far {Subscription} is behind")]
    private partial void LogNoStore(Exception e, string subscription);
}
