using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>A server in a folder of its own, with <c>fsync</c> on, that goes when the benchmark does.</summary>
internal sealed class ThrowAwayServer : IAsyncDisposable
{
    // The server refuses to run as root, so all of this may run as another user. The end of the input ends it.
    private const string Script =
        """
        set -e
        trap "" HUP INT TERM
        mkdir -m 700 "$2"
        trap 'rm -rf "$2"' EXIT
        "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 > /dev/null
        "$1/postgres" -D "$2/data" -p "$3" -h 127.0.0.1 -c unix_socket_directories= -c fsync=on -c synchronous_commit=on \
          -c shared_buffers=512MB -c max_wal_size=4GB -c min_wal_size=3GB -c max_connections=100 > "$2/log" 2>&1 < /dev/null &
        server=$!
        read -r end || true
        kill -s INT $server || true
        wait $server || true
        """;

    private readonly Process _shell;
    private readonly string _port;

    private ThrowAwayServer(Process shell, string port, string binaries)
    {
        _shell = shell;
        _port = port;
        Binaries = binaries;
    }

    /// <summary>The folder of the server's programs.</summary>
    public string Binaries { get; }

    public string ConnectionString => Of("postgres");

    /// <summary>How to connect to a database.</summary>
    public string Of(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    public static async Task<ThrowAwayServer> Start(string root)
    {
        var binaries = Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).Max()!;
        var freePort = Random.Shared.Next(20_000, 30_000).ToString(CultureInfo.InvariantCulture);
        List<string> command = ["sh", "-c", Script, "server", binaries, Path.Combine(root, $"loire-pg-{Guid.NewGuid():N}"), freePort];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = Path.GetTempPath(),
        };
        var server = new ThrowAwayServer(Process.Start(start)!, freePort, binaries);
        await server.Ready();
        return server;
    }

    /// <summary>One-row transactions per second of <c>pgbench</c>, prepared, over so many connections.</summary>
    public async Task<double> PgBench(string database, string script, int clients, TimeSpan time)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        string[] arguments =
        [
            "-n", "-M", "prepared", "-f", file, "-c", $"{clients}", "-j", $"{Math.Min(clients, 2)}",
            "-T", time.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture),
            "-h", "127.0.0.1", "-p", _port, "-U", "postgres", database,
        ];
        var start = new ProcessStartInfo(Path.Combine(Binaries, "pgbench"), arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        };
        using var pgbench = Process.Start(start)!;
        var output = await pgbench.StandardOutput.ReadToEndAsync();
        await pgbench.WaitForExitAsync();
        File.Delete(file);
        var line = output.Split('\n').First(text => text.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    public async Task Execute(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection($"{Of(database)};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Makes the files of the write-ahead log that the server will reuse from then on. A server that has run for a while has
    /// them; a new one makes one for every 16 MB, and whoever commits meanwhile waits for it.
    /// </summary>
    public Task PrepareLog() => Execute(
        """
        DO $$ BEGIN
            FOR file IN 1 .. 150 LOOP
                PERFORM pg_logical_emit_message(false, 'loire', '');
                PERFORM pg_switch_wal();
            END LOOP;
        END $$;
        CHECKPOINT;
        """);

    /// <summary>Kills one of its processes: it ends all the others, throws its memory away, and recovers from its log.</summary>
    public async Task Crash()
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        using var own = Process.GetProcessById(connection.ProcessID);
        own.Kill();
        await own.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
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
            catch (NpgsqlException) when (!_shell.HasExited && clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Not up yet.
                await Task.Delay(100);
            }
        }
    }
}
