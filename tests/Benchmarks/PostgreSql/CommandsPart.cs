using Loire.Benchmarks.Commands;
using Loire.EventLog.PostgreSql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>Durable commands through grains beside <c>pgbench</c>, which inserts one event row per commit.</summary>
internal static class CommandsPart
{
    private const int Accounts = 1024;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task Run(Bench bench)
    {
        var time = bench.Options.Time;
        await bench.PgBench(clients: 8, WarmUp);
        List<double> raw = [];
        Bench.Title("durable commands", "per second", "of pgbench's best", "p50 ms", "p99 ms");
        foreach (var clients in (int[])[1, 8, 32])
        {
            raw.Add(await bench.PgBench(clients, time));
            Bench.Row($"pgbench, clients: {clients} | {raw[^1]:N0} | | |");
        }

        var best = raw.Max();
        await using (var platform = await Platform.Start(services => services.AddPostgreSqlStore(bench.Store), views: false))
        {
            await platform.OpenAccounts(Accounts);
            await Many(platform, 256, WarmUp);
            foreach (var clients in (int[])[1, 32, 256])
            {
                Row($"{Accounts} aggregates, clients: {clients}", await Many(platform, clients, time), best);
            }

            foreach (var clients in (int[])[1, 32, 256])
            {
                Row($"one aggregate, clients: {clients}", await ClosedLoop.Run(clients, time, (_, _) => platform.DepositInto(0)), best);
            }
        }

        await using (var platform = await Platform.Start(services => services.AddPostgreSqlStore(bench.Store)))
        {
            await platform.CatchUp("accounts");
            Row("1024 aggregates, clients: 256, all views following", await Many(platform, 256, time), best);
        }

        Bench.Row($"pgbench again, clients: 32 | {await bench.PgBench(32, time):N0} | | |");
    }

    private static Task<Latencies> Many(Platform platform, int clients, TimeSpan time) => ClosedLoop.Run(
        clients, time, (client, n) => platform.DepositInto((int)(((client * 31) + n) % Accounts)));

    private static void Row(string what, Latencies latencies, double best) => Bench.Row(
        $"{what} | {latencies.PerSecond:N0} | {latencies.PerSecond / best:0.00} | {latencies.Percentile(50):0.00} | {latencies.Percentile(99):0.0}");
}
