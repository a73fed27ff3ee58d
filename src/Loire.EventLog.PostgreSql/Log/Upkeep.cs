using Microsoft.Extensions.Logging;

namespace Loire.EventLog.PostgreSql;

/// <summary>What is done from time to time: expired receipts are removed, and the head is asked for in case a wake-up was lost.</summary>
internal sealed partial class Upkeep(
    Database database, HeadSignal head, PostgreSqlStoreOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int PurgeStep = 500;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _purging = new(1);
    private readonly SemaphoreSlim _polling = new(1);
    private readonly List<ITimer> _timers = [];

    public void Start()
    {
        _timers.Add(time.CreateTimer(_ => _ = Alone(_purging, Purge), state: null, options.PurgeInterval, options.PurgeInterval));
        _timers.Add(time.CreateTimer(_ => _ = Alone(_polling, Poll), state: null, options.PollInterval, options.PollInterval));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var timer in _timers)
        {
            await timer.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _purging.WaitAsync();
        await _polling.WaitAsync();
        _stop.Dispose();
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
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
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
        while (!_stop.IsCancellationRequested
            && await database.Read(connection => Receipts.Purge(connection, time.GetUtcNow(), PurgeStep), _stop.Token) == PurgeStep)
        {
        }
    }

    private async Task Poll() =>
        head.Raise(await database.Read(connection => LogReader.Head(connection, _stop.Token), _stop.Token));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store could not be looked after; the next time will do.")]
    private partial void LogFailed(Exception reason);
}
