using Microsoft.Extensions.Logging;

namespace Loire.EventLog.PostgreSql;

/// <summary>What is done from time to time: expired receipts are removed, and the head is asked for in case a wake-up was lost.</summary>
internal sealed partial class Upkeep(
    Database database, HeadSignal head, PostgreSqlStoreOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int PurgeStep = 500;

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim purging = new(1);
    private readonly SemaphoreSlim polling = new(1);
    private readonly List<ITimer> timers = [];

    public void Start()
    {
        timers.Add(time.CreateTimer(_ => _ = Alone(purging, Purge), state: null, options.PurgeInterval, options.PurgeInterval));
        timers.Add(time.CreateTimer(_ => _ = Alone(polling, Poll), state: null, options.PollInterval, options.PollInterval));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var timer in timers)
        {
            await timer.DisposeAsync();
        }

        await stop.CancelAsync();
        await purging.WaitAsync();
        await polling.WaitAsync();
        stop.Dispose();
    }

    // One at a time: when the last one is still under way, this one is not needed.
    private async Task Alone(SemaphoreSlim turn, Func<Task> work)
    {
        if (!turn.Wait(0, CancellationToken.None))
        {
            return;
        }

        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The store is being closed.
        }
        catch (Exception e) when (e is StoreUnavailableException or InvalidOperationException)
        {
            LogFailed(e);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Purge()
    {
        while (!stop.IsCancellationRequested
            && await database.Read(connection => Receipts.Purge(connection, time.GetUtcNow(), PurgeStep), stop.Token) == PurgeStep)
        {
        }
    }

    private async Task Poll() =>
        head.Raise(await database.Read(connection => LogReader.Head(connection, stop.Token), stop.Token));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store could not be looked after; the next time will do.")]
    private partial void LogFailed(Exception reason);
}
