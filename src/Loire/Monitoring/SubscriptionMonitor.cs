using System.Collections.Concurrent;
using Loire.Hosting;
using Loire.Subscriptions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Loire.Monitoring;

/// <summary>Gathers the gauges of all subscription grains of this silo and sends them, about once a second in one call, to where all silos' are.</summary>
internal sealed partial class SubscriptionMonitor(
    IGrainFactory grains,
    TimeProvider time,
    HostStop stop,
    IOptions<SubscriptionOptions> options,
    ILogger<SubscriptionMonitor> logger)
    : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Subscription, int Partition), PartitionGauge> _gauges = [];

    /// <summary>The gauges of the grains that are active on this silo.</summary>
    public IEnumerable<PartitionGauge> Gauges => _gauges.Values;

    /// <summary>A gauge for an activation that begins; it takes the place of the one before it.</summary>
    public PartitionGauge Watch(string subscription, int partition) =>
        _gauges[(subscription, partition)] = new PartitionGauge(subscription, partition, Guid.NewGuid(), time);

    /// <summary>The activation has ended.</summary>
    public void Forget(PartitionGauge gauge) =>
        _gauges.TryRemove(new KeyValuePair<(string, int), PartitionGauge>((gauge.Subscription, gauge.Partition), gauge));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        var failing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!_gauges.IsEmpty)
                {
                    await grains.GetGrain<ISubscriptionMonitorGrain>(0)
                        .Report([.. _gauges.Values.Select(g => g.Read())])
                        .WaitAsync(Patience, time, stoppingToken);
                }

                failing = false;
            }
            catch (Exception e) when (stop.Explains(e))
            {
                LogCutOff(e);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // While a silo is lost this comes again and again; the first says it all.
                LogFailure(failing ? LogLevel.Debug : LogLevel.Warning, e);
                failing = true;
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "The host stops before the monitor has answered")]
    private partial void LogCutOff(Exception e);

    [LoggerMessage("How the subscriptions of this silo do cannot be reported; it is tried again")]
    private partial void LogFailure(LogLevel level, Exception e);
}
