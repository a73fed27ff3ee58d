using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Hosting;

/// <summary>Keeps a grain alive that runs by itself: every silo asks for its heartbeat, and thereby activates it where it is missing.</summary>
internal abstract partial class GrainKeeper(
    string name, Func<Task<DateTimeOffset>> heartbeat, TimeProvider time, HostStop stop, ILogger logger) : BackgroundService
{
    // When its silo dies, the grain stands still until somebody asks for it. To ask costs no more than a call does.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>The last heartbeat that the grain gave; <see langword="null"/> before it gave one.</summary>
    public DateTimeOffset? LastHeartbeat { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                LastHeartbeat = await heartbeat().WaitAsync(stoppingToken);
            }
            catch (Exception e) when (stop.Explains(e))
            {
                LogCutOff(e, name);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(e, name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Debug, "The host stops before the {Name} has answered")]
    private partial void LogCutOff(Exception e, string name);

    [LoggerMessage(LogLevel.Error, "The {Name} does not answer")]
    private partial void LogFailure(Exception e, string name);
}
