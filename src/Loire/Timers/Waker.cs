using Loire.EventLog.Views;
using Loire.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Timers;

/// <summary>Calls instances, a limited number at once, and none for longer than its time limit.</summary>
internal sealed partial class Waker(IGrainFactory grains, TimeProvider time, HostStop stop, TimerOptions options, ILogger logger)
{
    private readonly SemaphoreSlim _places = new(options.MaxConcurrency, options.MaxConcurrency);

    /// <summary>Calls an instance; completes as soon as there is a place for it.</summary>
    public async Task Wake(WakeUpSource source, ViewDocument document, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        _ = Call(source, document, cancellation);
    }

    private async Task Call(WakeUpSource source, ViewDocument document, CancellationToken cancellation)
    {
        try
        {
            await grains.GetGrain<IWakeable>(source.Target(document)).Wake().WaitAsync(options.WakeTimeout, time, cancellation);
        }
        catch (Exception e)
        {
            var expected = stop.Explains(e) || cancellation.IsCancellationRequested;
            LogFailure(expected ? LogLevel.Debug : LogLevel.Warning, e, source.View.Name, document.Id);
        }
        finally
        {
            _places.Release();
        }
    }

    [LoggerMessage("{View} {Id} could not be woken; it is tried again if it stays due")]
    private partial void LogFailure(LogLevel level, Exception e, string view, string id);
}
