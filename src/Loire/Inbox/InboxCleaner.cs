using Loire.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Inbox;

/// <summary>Forgets messages whose time is over: once a minute, some hundreds in a transaction.</summary>
internal sealed partial class InboxCleaner(IdempotentInbox inbox, TimeProvider time, HostStop stop, ILogger<InboxCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var consumer in inbox.Consumers)
                {
                    while (await consumer.Clean(stoppingToken))
                    {
                        stoppingToken.ThrowIfCancellationRequested();
                    }
                }
            }
            catch (Exception e) when (!stop.Explains(e) && !stoppingToken.IsCancellationRequested)
            {
                LogFailure(e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Messages whose time is over could not be forgotten; it is tried again in a minute")]
    private partial void LogFailure(Exception e);
}
