using System.Diagnostics;
using Loire.Benchmarks.Commands;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>The whole log through <c>ReadAll</c> beside a plain <c>SELECT</c>, and a projection that catches up.</summary>
internal static class ReadPart
{
    private const int Accounts = 1024;

    public static async Task Run(Bench bench)
    {
        var total = bench.Options.Events;
        await using (var store = await PostgreSqlStore.Open(bench.Store))
        {
            await AccountEvents.Spread(store.Log, "a", Accounts, total);
            await bench.Execute("VACUUM ANALYZE loire.events");
            await Select(bench);
            Bench.Title($"{store.Log.Head:N0} events read", "of the log, per second", "of the plain SELECT");
            var plain = await Select(bench);
            Bench.Row($"plain SELECT | {plain:N0} |");
            foreach (var (what, filter) in Filters())
            {
                var rate = await Read(store.Log, filter);
                Bench.Row($"ReadAll, pages of 1,000, {what} | {rate:N0} | {rate / plain:0.00}");
            }
        }

        await using var platform = await Platform.Start(services => services.AddPostgreSqlStore(bench.Store));
        var clock = Stopwatch.StartNew();
        await platform.CatchUp("accounts");
        Bench.Row($"all projections catch up | {platform.Log.Head / clock.Elapsed.TotalSeconds:N0} |");
    }

    private static (string What, LogFilter Filter)[] Filters() =>
    [
        ("everything", LogFilter.All),
        ("8 of 64 partitions", new LogFilter { Partitions = [.. Enumerable.Range(0, 8).Select(n => n * 8)] }),
        ("1 of 64 partitions", new LogFilter { Partitions = [7] }),
        ("one rare type", new LogFilter { Types = ["account.opened"] }),
    ];

    private static async Task<double> Read(IEventLog log, LogFilter filter)
    {
        var clock = Stopwatch.StartNew();
        for (var after = 0L; after < log.Head;)
        {
            after = (await log.ReadAll(after, filter, 1000)).Through;
        }

        return log.Head / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> Select(Bench bench)
    {
        await using var connection = await bench.Connect();
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
}
