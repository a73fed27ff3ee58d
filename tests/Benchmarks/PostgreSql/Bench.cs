using System.Globalization;
using Loire.EventLog.PostgreSql;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>What a part of the benchmark works with: a database of its own, and the plain table that it is compared with.</summary>
internal sealed class Bench(ThrowAwayServer server, string database, PostgreSqlOptions options)
{
    // The same columns and indexes as the store's events, positions from a sequence: nobody waits for anybody.
    private const string RawTable =
        """
        CREATE TABLE raw_events (LIKE loire.events INCLUDING ALL);
        CREATE SEQUENCE raw_position CACHE 100;
        """;

    private const string RawInsert =
        """
        \set n random(1, 1000000000)
        INSERT INTO raw_events VALUES (nextval('raw_position'), 'account', 'a-' || :n || '-' || clock_timestamp(), 1, gen_random_uuid(),
          'account.deposited', 1, now(), 7, '{"amount":1.00}', NULL, md5(:n::text), md5(:n::text), NULL, NULL);
        """;

    public PostgreSqlOptions Options { get; } = options;

    public PostgreSqlStoreOptions Store => new() { ConnectionString = server.Of(database) };

    /// <summary>Makes the plain table. The store's tables must be there.</summary>
    public Task MakeRawTable() => server.Execute(RawTable, database);

    public Task Execute(string sql) => server.Execute(sql, database);

    /// <summary>Transactions of <c>pgbench</c> per second that insert one event row each.</summary>
    public Task<double> PgBench(int clients, TimeSpan time) => server.PgBench(database, RawInsert, clients, time);

    public async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection($"{server.Of(database)};Pooling=false;Max Auto Prepare=20;Auto Prepare Min Usages=1");
        await connection.OpenAsync();
        return connection;
    }

    public static void Title(string what, params string[] columns)
    {
        Console.WriteLine($"\n| {what} | {string.Join(" | ", columns)} |");
        Console.WriteLine($"|---|{string.Concat(columns.Select(_ => "--:|"))}");
    }

    public static void Row(FormattableString cells) => Console.WriteLine($"| {cells.ToString(CultureInfo.InvariantCulture)} |");
}
