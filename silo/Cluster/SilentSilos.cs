using System.Net;
using System.Net.Sockets;
using Loire.EventLog;
using Npgsql;

namespace Loire.Silo.Cluster;

/// <summary>
/// Silos that crashed stand in the list as active until others notice. Orleans lets nobody join who cannot reach all that are
/// active, and the one who comes last, when all have crashed, would wait for minutes. But it takes those for dead that have
/// been silent for a while before it starts. So they are waited for here.
/// </summary>
internal sealed partial class SilentSilos(
    string connectionString, string cluster, IPEndPoint self, TimeSpan silence, TimeProvider time, ILogger<SilentSilos> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits until every silo answers or has been silent long enough; in any case not much longer than that.</summary>
    /// <exception cref="StoreUnavailableException">The database is out of reach.</exception>
    public async Task Wait(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < silence + Pause)
        {
            var active = await ReadActive(cancellation);
            var answers = await Task.WhenAll(active.Select(silo => Answers(silo, cancellation)));
            if (Array.IndexOf(answers, false) is var silent and >= 0)
            {
                LogSilent(active[silent], silence);
                await Task.Delay(Pause, time, cancellation);
            }
            else
            {
                return;
            }
        }
    }

    private async Task<List<IPEndPoint>> ReadActive(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(
                "SELECT address, port FROM silos WHERE cluster_id = $1 AND status = 3 AND alive_at > $2", connection)
            {
                Parameters = { new() { Value = cluster }, new() { Value = time.GetUtcNow() - silence } },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var silos = new List<IPEndPoint>();
            while (await reader.ReadAsync(cancellation))
            {
                silos.Add(new IPEndPoint(IPAddress.Parse(reader.GetString(0)), reader.GetInt32(1)));
            }

            // Whoever comes with the address of another takes its place at once.
            silos.RemoveAll(self.Equals);
            return silos;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new StoreUnavailableException($"The silos of the cluster cannot be read. {e.Message}", e);
        }
    }

    private static async Task<bool> Answers(IPEndPoint silo, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Pause);
        try
        {
            using var socket = new Socket(silo.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(silo, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} is a member and does not answer; joining when it does, or has been silent for {Silence}")]
    private partial void LogSilent(IPEndPoint silo, TimeSpan silence);
}
