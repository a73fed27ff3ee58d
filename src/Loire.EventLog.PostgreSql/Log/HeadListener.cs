using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Hears of every append, whichever process made it. When the connection is lost it makes a new one.</summary>
internal sealed partial class HeadListener(
    Database database, HeadSignal head, PostgreSqlStoreOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private bool _lost;

    /// <summary>Completes when it hears.</summary>
    public Task Start()
    {
        _running = Task.Run(Run);
        return _listening.Task;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stop.CancelAsync();
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is ObjectDisposedException))
        {
            // The connection broke at this very moment, and what was to be cancelled has ended by itself.
        }

        await _running;
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Listen();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Failure.Of(e) is { } failure)
            {
                database.Forget(failure);
                Tell(e);
                await Task.WhenAny(Task.Delay(Database.Pause, _stop.Token));
            }
        }
    }

    private async Task Listen()
    {
        await using var connection = await database.Connect(_stop.Token);
        connection.Notification += (_, notification) =>
            head.Raise(long.Parse(notification.Payload, NumberStyles.None, CultureInfo.InvariantCulture));
        await using (var listen = new NpgsqlCommand("LISTEN loire", connection))
        {
            await listen.ExecuteNonQueryAsync(_stop.Token);
        }

        // What was appended before is not told.
        head.Raise(await LogReader.Head(connection, _stop.Token));
        _listening.TrySetResult();
        if (_lost)
        {
            _lost = false;
            LogBack();
        }

        while (true)
        {
            if (!await connection.WaitAsync(options.ReadTimeout, _stop.Token))
            {
                // Who only waits never notices that nobody is there any more.
                head.Raise(await LogReader.Head(connection, _stop.Token));
            }
        }
    }

    // Once, however often a new connection is tried.
    private void Tell(Exception reason)
    {
        if (!_lost)
        {
            _lost = true;
            LogLost(reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that hears of appends was lost; making a new one.")]
    private partial void LogLost(Exception reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Appends are heard of again.")]
    private partial void LogBack();
}
