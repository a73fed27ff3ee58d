using System.Net;
using System.Net.Sockets;
using Loire.EventLog;
using Loire.Silo.Startup;
using Npgsql;

namespace Loire.Silo.Cluster;

/// <summary>
/// Silos that crashed stand in the list as active until others notice. Orleans lets nobody join who cannot reach all that are
/// active, and the one who comes last, when all have crashed, would wait for minutes. But it takes those for dead that have
/// been silent for a while before it starts. So they are waited for here. Who comes back at its old address need not be waited
/// for: it can tell itself that it was dead.
/// </summary>
internal sealed partial class SilentSilos(
    string connectionString, string cluster, IPEndPoint self, TimeSpan silence, TimeProvider time, ILogger<SilentSilos> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string Machine = Dns.GetHostName();

    /// <summary>Waits until every silo answers or has been silent long enough; in any case not much longer than that.</summary>
    /// <exception cref="SettingException">The silos cannot reach each other: some are at an address that only their machine knows.</exception>
    /// <exception cref="StoreUnavailableException">The database is out of reach.</exception>
    public async Task Wait(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        await Ask(TakePlace, cancellation);
        while (true)
        {
            var active = await Ask(ReadActive, cancellation);
            var answers = await Task.WhenAll(active.Select(silo => Answers(silo, cancellation)));
            var silent = Array.IndexOf(answers, false);
            if (silent < 0)
            {
                return;
            }

            if (time.GetElapsedTime(started) > silence + Pause)
            {
                Refuse(active);
                return;
            }

            LogSilent(active[silent].EndPoint, active[silent].Host, silence);
            await Task.Delay(Pause, time, cancellation);
        }
    }

    private void Refuse(IEnumerable<Member> active)
    {
        if (active.FirstOrDefault(IsOutOfReach) is { } other)
        {
            throw new SettingException(
                $"--{CommandLine.AdvertisedAddress}: the cluster has a silo at {other.EndPoint} on the machine {other.Host}, and this one is at {self} on {Machine}. "
                + "Each needs an address that the others reach.");
        }
    }

    private async Task<T> Ask<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> question, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellation);
            return await question(connection, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw new StoreUnavailableException($"The silos of the cluster cannot be read. {e.Message}", e);
        }
    }

    // The port was free, so whoever had it is dead.
    private async Task<int> TakePlace(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string Declare = """
            WITH next AS (
                UPDATE clusters c SET version = c.version + 1
                WHERE c.id = $1 AND EXISTS (
                    SELECT FROM silos s
                    WHERE (s.cluster_id, s.address, s.port, s.host_name) = ($1, $2, $3, $4) AND s.status <> 6)
                RETURNING c.id)
            UPDATE silos s SET status = 6 FROM next WHERE (s.cluster_id, s.address, s.port, s.host_name) = (next.id, $2, $3, $4)
            """;
        await using var command = new NpgsqlCommand(Declare, connection)
        {
            Parameters =
            {
                new() { Value = cluster }, new() { Value = self.Address.ToString() }, new() { Value = self.Port }, new() { Value = Machine },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<List<Member>> ReadActive(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT address, port, host_name FROM silos WHERE cluster_id = $1 AND status = 3 AND alive_at > $2", connection)
        {
            Parameters = { new() { Value = cluster }, new() { Value = time.GetUtcNow() - silence } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var silos = new List<Member>();
        while (await reader.ReadAsync(cancellation))
        {
            silos.Add(new Member(new IPEndPoint(IPAddress.Parse(reader.GetString(0)), reader.GetInt32(1)), reader.GetString(2)));
        }

        return silos;
    }

    private bool IsOutOfReach(Member silo) =>
        silo.Host != Machine && (IPAddress.IsLoopback(silo.EndPoint.Address) || IPAddress.IsLoopback(self.Address));

    private async Task<bool> Answers(Member silo, CancellationToken cancellation)
    {
        if (IsOutOfReach(silo))
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Pause);
        try
        {
            using var socket = new Socket(silo.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(silo.EndPoint, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} on {Machine} is a member and does not answer; joining when it does, or has been silent for {Silence}")]
    private partial void LogSilent(IPEndPoint silo, string machine, TimeSpan silence);

    private sealed record Member(IPEndPoint EndPoint, string Host);
}
