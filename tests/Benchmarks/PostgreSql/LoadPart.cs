using System.Diagnostics;
using Loire.Benchmarks.Commands;
using Loire.EventLog.PostgreSql;
using Loire.Snapshots;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>
/// The first command to an aggregate that is not in memory: without a snapshot, with one, and beside a plain <c>SELECT</c> of
/// the aggregate's rows.
/// </summary>
internal static class LoadPart
{
    public static async Task Run(Bench bench)
    {
        (int Events, int Accounts)[] sizes = [(10, 200), (100, 200), (1000, 50), (bench.Options.Stream, 4)];
        await using (var store = await PostgreSqlStore.Open(bench.Store))
        {
            foreach (var (events, accounts) in sizes.Append((12, 300)))
            {
                await Parallel.ForAsync(0, accounts, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (n, _) =>
                    await AccountEvents.Fill(store.Log, Name(events, n), events));
            }
        }

        await bench.Execute("VACUUM ANALYZE loire.events");
        var selects = await Selects(bench, sizes);
        var without = await Touches(bench, sizes, options => options.Every = 0);
        await Touches(bench, sizes, EveryEvent, untilKept: true);
        var with = await Touches(bench, sizes, EveryEvent);
        Bench.Title("first command to an aggregate of", "plain SELECT, p50 ms", "from events, p50 ms", "with a snapshot, p50 ms");
        for (var i = 0; i < sizes.Length; i++)
        {
            Bench.Row($"{sizes[i].Events:N0} events | {selects[i]:0.00} | {without[i]:0.00} | {with[i]:0.00}");
        }
    }

    private static void EveryEvent(SnapshotOptions options) => (options.Every, options.MinInterval) = (1, TimeSpan.Zero);

    private static string Name(int events, int n) => $"{events}-{n}";

    /// <param name="bench">The database.</param>
    /// <param name="sizes">The aggregates.</param>
    /// <param name="snapshots">When they are taken.</param>
    /// <param name="untilKept">Whether each aggregate's snapshot is waited for, because too many at once are left out.</param>
    private static async Task<double[]> Touches(
        Bench bench, (int Events, int Accounts)[] sizes, Action<SnapshotOptions> snapshots, bool untilKept = false)
    {
        await using var platform = await Platform.Start(
            services => services.AddPostgreSqlStore(bench.Store), views: false, snapshots);
        await using var connection = await bench.Connect();
        for (var n = 0; n < 300; n++)
        {
            await Touch(Name(12, n));
        }

        List<double> medians = [];
        foreach (var (events, accounts) in sizes)
        {
            List<double> times = [];
            for (var n = 0; n < accounts; n++)
            {
                times.Add(await Time(() => Touch(Name(events, n))));
            }

            medians.Add(new Latencies(times, TimeSpan.Zero).Percentile(50));
        }

        return [.. medians];

        async Task Touch(string account)
        {
            await platform.Touch(account);
            while (untilKept && !await IsKept(connection, account))
            {
                await Task.Delay(1);
            }
        }
    }

    private static async Task<bool> IsKept(NpgsqlConnection connection, string account)
    {
        await using var kept = new NpgsqlCommand("SELECT EXISTS (SELECT FROM loire.snapshots WHERE id = $1)", connection);
        kept.Parameters.Add(new NpgsqlParameter<string> { TypedValue = account });
        return (bool)(await kept.ExecuteScalarAsync())!;
    }

    private static async Task<double[]> Selects(Bench bench, (int Events, int Accounts)[] sizes)
    {
        await using var connection = await bench.Connect();
        List<double> medians = [];
        foreach (var (events, accounts) in sizes.Prepend((12, 300)))
        {
            List<double> times = [];
            for (var n = 0; n < accounts; n++)
            {
                times.Add(await Time(() => Select(connection, Name(events, n))));
            }

            medians.Add(new Latencies(times, TimeSpan.Zero).Percentile(50));
        }

        return [.. medians.Skip(1)];
    }

    private static async Task Select(NpgsqlConnection connection, string account)
    {
        await using var select = new NpgsqlCommand(
            "SELECT * FROM loire.events WHERE aggregate = 'account' AND id = $1 ORDER BY version", connection);
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = account });
        await using var rows = await select.ExecuteReaderAsync();
        var values = new object[rows.FieldCount];
        while (await rows.ReadAsync())
        {
            rows.GetValues(values);
        }
    }

    private static async Task<double> Time(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
