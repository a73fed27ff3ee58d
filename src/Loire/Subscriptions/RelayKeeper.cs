using Loire.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Subscriptions;

/// <summary>Keeps the relay alive: every silo asks for its heartbeat, and thereby activates it where it is missing.</summary>
internal sealed partial class RelayKeeper(IGrainFactory grains, TimeProvider time, HostStop stop, ILogger<RelayKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>When the relay last answered; <see langword="null"/> before it did.</summary>
    public DateTimeOffset? LastHeartbeat { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                LastHeartbeat = await grains.GetGrain<ILogRelayGrain>(0).Heartbeat();
            }
            catch (Exception e) when (stop.Explains(e))
            {
                LogCutOff(e);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Debug, "The host stops before the log relay has answered")]
    private partial void LogCutOff(Exception e);

    [LoggerMessage(LogLevel.Error, "The log relay does not answer")]
    private partial void LogFailure(Exception e);
}
