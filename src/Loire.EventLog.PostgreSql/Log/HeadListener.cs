using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Hears of every append, whichever process made it. When the connection is lost it makes a new one.</summary>
internal sealed partial class HeadListener(Database database, HeadSignal head, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task running = Task.CompletedTask;

    /// <summary>Completes when it hears.</summary>
    public Task Start()
    {
        running = Task.Run(Run);
        return listening.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task Run()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Listen();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Failure.Of(e) is { } failure)
            {
                database.Forget(failure);
                LogLost(e);
                await Task.WhenAny(Task.Delay(Database.Pause, stop.Token));
            }
        }
    }

    private async Task Listen()
    {
        await using var connection = await database.Connect(stop.Token);
        connection.Notification += (_, notification) =>
            head.Raise(long.Parse(notification.Payload, NumberStyles.None, CultureInfo.InvariantCulture));
        await using (var listen = new NpgsqlCommand("LISTEN loire", connection))
        {
            await listen.ExecuteNonQueryAsync(stop.Token);
        }

        // What was appended before is not told.
        head.Raise(await LogReader.Head(connection, stop.Token));
        listening.TrySetResult();
        while (true)
        {
            await connection.WaitAsync(stop.Token);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that hears of appends was lost; making a new one.")]
    private partial void LogLost(Exception reason);
}
