using System.Diagnostics.Metrics;
using Loire.EventLog;
using Loire.Monitoring;
using Loire.Subscriptions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Loire.Metrics;

/// <summary>
/// Measures of the log, the relay and the subscription grains of this silo, taken when somebody asks for them: from memory, so
/// that no grain is called and the store is not read.
/// </summary>
internal sealed class SubscriptionMetrics(
    LoireMetrics metrics,
    SubscriptionMonitor monitor,
    RelayKeeper relay,
    IEventLog log,
    TimeProvider time,
    IOptions<SubscriptionOptions> options) : BackgroundService
{
    private readonly HeadHistory _heads = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Register(metrics.Meter);
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        do
        {
            _heads.Note(log.Head);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Register(Meter meter)
    {
        meter.CreateObservableGauge("loire.log.head", () => log.Head, "{event}", "Position of the last event that this silo knows of.");
        meter.CreateObservableGauge(
            "loire.relay.heartbeat.age", Relay, "s", "How long ago the log relay last went round, as far as this silo knows.");
        meter.CreateObservableGauge(
            "loire.subscription.position", () => Each(g => g.Position), "{event}", "The subscription has handled the log up to here.");
        meter.CreateObservableGauge(
            "loire.subscription.lag", () => Each(g => Math.Max(0, log.Head - g.Position)), "{event}", "Events between the position and the head of the log.");
        meter.CreateObservableGauge(
            "loire.subscription.lag.time", () => Each(g => Behind(g).TotalSeconds), "s", "For how long the log has been beyond the position.");
        meter.CreateObservableCounter(
            "loire.subscription.events", () => Each(g => g.Handled), "{event}", "Events handled since the subscription's grain became active.");
        meter.CreateObservableCounter(
            "loire.subscription.failures", () => Each(g => g.FailuresInAll), "{failure}", "Attempts that failed since the subscription's grain became active.");
        meter.CreateObservableGauge(
            "loire.subscription.heartbeat.age", () => Each(g => g.HeartbeatAge.TotalSeconds), "s", "How long ago the subscription last showed that it is alive.");
    }

    private IEnumerable<Measurement<double>> Relay() =>
        relay.LastHeartbeat is { } last ? [new Measurement<double>(Math.Max(0, (time.GetUtcNow() - last).TotalSeconds))] : [];

    private TimeSpan Behind(PartitionGauge gauge) => gauge.Position >= log.Head ? TimeSpan.Zero : _heads.AgeOf(gauge.Position);

    private IEnumerable<Measurement<T>> Each<T>(Func<PartitionGauge, T> measure)
        where T : struct =>
        from gauge in monitor.Gauges
        where gauge.HasPosition
        select new Measurement<T>(
            measure(gauge),
            new KeyValuePair<string, object?>("subscription", gauge.Subscription),
            new KeyValuePair<string, object?>("partition", gauge.Partition));
}
