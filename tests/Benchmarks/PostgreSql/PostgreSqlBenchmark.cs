using Loire.EventLog.PostgreSql;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>
/// <c>postgresql [--parts …] [--seconds …] …</c>: what <c>pgbench</c> and plain SQL get out of a server, and what the platform
/// makes of it, in one run on one server with <c>fsync</c> on. Prints Markdown tables.
/// </summary>
internal static class PostgreSqlBenchmark
{
    private static readonly string[] Settings =
        ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "min_wal_size", "wal_sync_method"];

    private static readonly Dictionary<string, Func<Bench, Task>> Parts = new()
    {
        ["commands"] = CommandsPart.Run,
        ["alone"] = AlonePart.Run,
        ["append"] = AppendPart.Run,
        ["bulk"] = BulkPart.Run,
        ["read"] = ReadPart.Run,
        ["load"] = LoadPart.Run,
        ["growth"] = GrowthPart.Run,
    };

    public static async Task Run(string[] args)
    {
        var options = PostgreSqlOptions.Parse(args);
        await using var server = await ThrowAwayServer.Start(options.Folder);
        await PrintSettings(server);
        await server.PrepareLog();
        foreach (var part in options.Parts)
        {
            await server.Execute($"CREATE DATABASE {part}");
            var bench = new Bench(server, part, options);
            await (await PostgreSqlStore.Open(bench.Store)).DisposeAsync();
            await bench.MakeRawTable();
            await Parts[part](bench);
            NpgsqlConnection.ClearAllPools();
            await server.Execute($"DROP DATABASE {part} WITH (FORCE)");
        }
    }

    private static async Task PrintSettings(ThrowAwayServer server)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        foreach (var setting in Settings)
        {
            await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
            Console.WriteLine($"- {setting} = {await show.ExecuteScalarAsync()}");
        }
    }
}
