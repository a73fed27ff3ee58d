using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.RawStore;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>
/// <c>postgresql [folder] [seconds]</c>: what <c>pgbench</c> and plain SQL get out of a server, and what the store makes of
/// it, in one run on one server with <c>fsync</c> on. Prints a Markdown table.
/// </summary>
public static class PostgreSqlBenchmark
{
    private static readonly string[] Settings =
        ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "wal_sync_method"];

    private static readonly int[] Callers = [1, 32, 256];

    // The same columns and indexes as the store's events, positions from a sequence: nobody waits for anybody.
    private const string RawTable =
        """
        CREATE TABLE raw_events (LIKE loire.events INCLUDING ALL);
        CREATE SEQUENCE raw_position CACHE 100;
        """;

    private const string RawInsert =
        """
        \set n random(1, 1000000000)
        INSERT INTO raw_events VALUES (nextval('raw_position'), 'order', 'o-' || :n || '-' || clock_timestamp(), 1, gen_random_uuid(),
          'order-placed', 1, now(), 7, '{"orderId":"o-1234567","customerId":"c-7654321","lines":[{"sku":"chair-red","quantity":2,"price":49.90}],"total":99.80,"currency":"EUR"}',
          'u-1', md5(:n::text), NULL, NULL, NULL);
        """;

    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5);
        await using var server = await ThrowAwayServer.Start(root);
        await using var store = await PostgreSqlStore.Open(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString });
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        foreach (var setting in Settings)
        {
            await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
            Console.WriteLine($"- {setting} = {await show.ExecuteScalarAsync()}");
        }

        await server.Execute(RawTable);
        await Measure(server, store.Log, connection, time);
    }

    private static async Task Measure(ThrowAwayServer server, IEventLog log, NpgsqlConnection connection, TimeSpan time)
    {
        Console.WriteLine();
        Console.WriteLine("| what | per second | of pgbench's best |");
        Console.WriteLine("|---|--:|--:|");
        var raw = new List<(int Clients, double Rate)>();
        await server.PgBench(RawInsert, clients: 8, TimeSpan.FromSeconds(2));
        foreach (var clients in (int[])[1, 8, 32])
        {
            raw.Add((clients, await server.PgBench(RawInsert, clients, time)));
        }

        var best = raw.Max(row => row.Rate);
        raw.ForEach(row => Row($"pgbench, one row per commit, clients: {row.Clients}", row.Rate, best));
        await AppendLoad.ManyStreams(log, callers: 256, TimeSpan.FromSeconds(2));
        foreach (var callers in Callers)
        {
            Row($"append, many streams, callers: {callers}", await AppendLoad.ManyStreams(log, callers, time), best);
        }

        foreach (var callers in Callers)
        {
            Row($"append, one stream, callers: {callers}", await AppendLoad.OneStream(log, callers, time), best);
        }

        Row("plain SELECT of the events' columns, all rows", await Select(connection), best);
        Row("ReadAll, pages of 1,000", await Read(log), best);
    }

    private static async Task<double> Select(NpgsqlConnection connection)
    {
        var clock = Stopwatch.StartNew();
        await using var select = new NpgsqlCommand("SELECT * FROM loire.events ORDER BY position", connection) { CommandTimeout = 0 };
        await using var rows = await select.ExecuteReaderAsync();
        var values = new object[rows.FieldCount];
        var count = 0L;
        for (; await rows.ReadAsync(); count++)
        {
            rows.GetValues(values);
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> Read(IEventLog log)
    {
        var clock = Stopwatch.StartNew();
        var after = 0L;
        while (after < log.Head)
        {
            after = (await log.ReadAll(after, LogFilter.All, 1000)).Through;
        }

        return after / clock.Elapsed.TotalSeconds;
    }

    private static void Row(string what, double rate, double best) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {rate:N0} | {rate / best:P0} |"));
}
