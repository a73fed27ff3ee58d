using Microsoft.Extensions.Logging.Console;

namespace Loire.Silo.Startup;

/// <summary>
/// Logs go to the error stream, so that what the silo prints for people stays apart: one line each on a terminal, JSON when
/// the stream is redirected.
/// </summary>
internal static class Logs
{
    /// <summary>The silo has started.</summary>
    public static bool Running { get; set; }

    /// <summary>The silo could not start and is on its way out: what the engine says of that helps nobody.</summary>
    public static bool GivenUp { get; set; }

    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", IsWorthTelling).AddFilter("System", IsWorthTelling).AddFilter("Orleans", IsWorthTelling);

        // Before the silo runs, it says itself why it cannot, in one line and without a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", WhenRunning);

        // Until it has ticked once, this takes the time since the machine was started for a delay.
        logging.AddFilter("Orleans.Runtime.Watchdog", WhenRunning);
        logging.Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Console.IsErrorRedirected)
        {
            logging.AddJsonConsole(o =>
            {
                o.IncludeScopes = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss.fff ";
            });
        }
    }

    private static bool WhenRunning(LogLevel level) => level >= (Running ? LogLevel.Warning : LogLevel.Critical);

    private static bool IsWorthTelling(LogLevel level) => level >= (GivenUp ? LogLevel.Critical : LogLevel.Warning);
}
