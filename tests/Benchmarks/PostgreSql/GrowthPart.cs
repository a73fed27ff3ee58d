using Loire.Benchmarks.Commands;
using Loire.EventLog.PostgreSql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>What a command costs as the log grows, beside <c>pgbench</c> at the same moment.</summary>
internal static class GrowthPart
{
    private const int Accounts = 1024;

    public static async Task Run(Bench bench)
    {
        var time = bench.Options.Time;
        await using var platform = await Platform.Start(services => services.AddPostgreSqlStore(bench.Store), views: false);
        await platform.OpenAccounts(Accounts);
        await ClosedLoop.Run(256, TimeSpan.FromSeconds(1), Send);
        Bench.Title("events in the log", "1 client, p50 ms", "256 clients, per second", "p99 ms", "pgbench, 32 clients", "ratio");
        foreach (var size in (int[])[10_000, 100_000, 300_000, 1_000_000, 5_000_000])
        {
            if (size > bench.Options.Growth)
            {
                break;
            }

            await AccountEvents.Spread(platform.Log, $"grow-{size}", size / 20, Math.Max(0, size - (int)platform.Log.Head));
            var alone = await ClosedLoop.Run(1, time, Send);
            var together = await ClosedLoop.Run(256, time, Send);
            var raw = await bench.PgBench(32, time);
            Bench.Row($"{size:N0} | {alone.Percentile(50):0.00} | {together.PerSecond:N0} | {together.Percentile(99):0.0} | {raw:N0} | {together.PerSecond / raw:0.00}");
        }

        Task Send(int client, long n) => platform.DepositInto((int)(((client * 31) + n) % Accounts));
    }
}
