using System.Diagnostics.Metrics;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Metrics;

/// <summary>
/// How many dead letters there are. Who measures does not wait for the store: he gets what was counted when somebody last
/// measured, and sets off the next count.
/// </summary>
internal sealed partial class DeadLetterMetrics(LoireMetrics metrics, DeadLetterCounts counts, HostStop stop, ILogger<DeadLetterMetrics> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Meter.CreateObservableGauge(
            "loire.dead_letters", Measure, "{event}", "Events that subscriptions could not handle, in the whole cluster, as counted at the measurement before.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Measure()
    {
        if (!stop.Token.IsCancellationRequested)
        {
            _ = Count();
        }

        return
        [
            .. from count in counts.Latest
               from state in new[]
               {
                   ("retrying", count.Retrying), ("parked", count.Parked), ("waiting", count.Waiting), ("skipped", count.Skipped),
               }
               select new Measurement<long>(
                   state.Item2, new KeyValuePair<string, object?>("queue", count.Queue), new KeyValuePair<string, object?>("state", state.Item1)),
        ];
    }

    private async Task Count()
    {
        try
        {
            await counts.Read();
        }
        catch (StoreUnavailableException e)
        {
            LogNoStore(e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The store does not say how many dead letters there are")]
    private partial void LogNoStore(Exception e);
}
