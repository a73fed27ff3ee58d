using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>
/// A throw-away server from the installed binaries, in a temporary folder. A small shell watches over it: when the tests
/// end in whatever way, so does the server.
/// </summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(Start);

    private readonly Process _shell;
    private readonly int _port;

    private PostgreSqlServer(Process shell, int port, SmallDisk? disk)
    {
        _shell = shell;
        _port = port;
        Disk = disk;
    }

    /// <summary>One for all tests that do it no harm. Skips the test when there are no binaries.</summary>
    public static Task<PostgreSqlServer> Shared => SharedServer.Value;

    private static string? Binaries { get; } = FindBinaries();

    public static async Task StopShared()
    {
        if (SharedServer.IsValueCreated)
        {
            await (await SharedServer.Value).DisposeAsync();
        }
    }

    /// <summary>A server of one's own. Skips the test when there are no binaries.</summary>
    public static Task<PostgreSqlServer> Start() => Start(disk: null);

    /// <summary>A server of one's own, all of it on a small disk or only what a test puts there.</summary>
    public static async Task<PostgreSqlServer> Start(SmallDisk? disk)
    {
        SkipWithoutBinaries();
        var freePort = FreePort();
        var folder = Path.Combine(disk is { HoldsAll: true } ? disk.Folder : Path.GetTempPath(), $"loire-pg-{Guid.NewGuid():N}");
        List<string> arguments =
            ["sh", "-c", ServerScript.Run, "server", Binaries!, folder, freePort.ToString(CultureInfo.InvariantCulture)];
        if (Environment.IsPrivilegedProcess)
        {
            arguments = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. arguments];
        }

        arguments = [.. disk?.Mount() ?? [], .. arguments];
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var server = new PostgreSqlServer(Process.Start(start)!, freePort, disk);
        disk?.SeenBy(server._shell.Id);
        await server.Ready();
        return server;
    }

    /// <summary>The small disk that it was started with.</summary>
    public SmallDisk? Disk { get; }

    public string ConnectionString(string database = "postgres") =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Include Error Detail=true";

    public int Port => _port;

    /// <summary>The path of one of the programs that come with it.</summary>
    public static string Program(string name) => Path.Combine(Binaries!, name);

    public async Task Execute(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql, string database)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Stops it with a signal, <c>INT</c> or <c>QUIT</c> (which is a crash).</summary>
    public Task Stop(string signal) => _shell.StandardInput.WriteLineAsync(signal);

    /// <summary>Stops all its processes where they are: connections stay open, and nobody answers.</summary>
    public async Task Pause()
    {
        await _shell.StandardInput.WriteLineAsync("pause");
        (await _shell.StandardOutput.ReadLineAsync()).ShouldBe("paused");
    }

    /// <summary>Lets a paused server go on as if nothing had been.</summary>
    public Task Resume() => _shell.StandardInput.WriteLineAsync("resume");

    public async Task StartAgain()
    {
        await _shell.StandardInput.WriteLineAsync("again");
        await Ready();
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _shell.WaitForExitAsync(limit.Token);
        _shell.Dispose();
        Disk?.Dispose();
    }

    private async Task Ready()
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                await Execute("SELECT 1");
                return;
            }
            catch (NpgsqlException e) when (!_shell.HasExited && clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                _ = e;
                await Task.Delay(50);
            }
        }
    }

    private static void SkipWithoutBinaries() =>
        Assert.SkipWhen(Binaries is null, "PostgreSQL's programs are not installed in /usr/lib/postgresql/*/bin.");

    private static string? FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max(StringComparer.Ordinal)
            : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Stops the shared server when all tests are done.</summary>
public sealed class PostgreSqlServerLife : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await PostgreSqlServer.StopShared();
}
