using Loire.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Timers;

/// <summary>Calls instances, a limited number at once, and none for longer than its time limit.</summary>
internal sealed partial class Waker(IGrainFactory grains, TimeProvider time, HostStop stop, TimerOptions options, ILogger logger)
{
    private readonly SemaphoreSlim _places = new(options.MaxConcurrency, options.MaxConcurrency);

    /// <summary>Calls an instance, an <see cref="IWakeable"/>; completes as soon as there is a place for it.</summary>
    public async Task Wake(GrainId instance, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        _ = Call(instance, cancellation);
    }

    private async Task Call(GrainId instance, CancellationToken cancellation)
    {
        try
        {
            await grains.GetGrain<IWakeable>(instance).Wake().WaitAsync(options.WakeTimeout, time, cancellation);
        }
        catch (Exception e)
        {
            var expected = stop.Explains(e) || cancellation.IsCancellationRequested;
            LogFailure(expected ? LogLevel.Debug : LogLevel.Warning, e, instance);
        }
        finally
        {
            _places.Release();
        }
    }

    [LoggerMessage("{Instance} could not be woken; it is tried again if it stays due")]
    private partial void LogFailure(LogLevel level, Exception e, GrainId instance);
}
