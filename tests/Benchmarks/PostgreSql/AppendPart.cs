using Loire.Benchmarks.RawStore;
using Loire.EventLog.PostgreSql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>The store alone, without grains, beside <c>pgbench</c>.</summary>
internal static class AppendPart
{
    private static readonly int[] Callers = [1, 32, 256];

    public static async Task Run(Bench bench)
    {
        var time = bench.Options.Time;
        await using var store = await PostgreSqlStore.Open(bench.Store);
        await bench.PgBench(clients: 8, TimeSpan.FromSeconds(2));
        Bench.Title("appends", "per second", "of pgbench's best");
        var raw = new List<double>();
        foreach (var clients in (int[])[1, 8, 32])
        {
            raw.Add(await bench.PgBench(clients, time));
            Bench.Row($"pgbench, clients: {clients} | {raw[^1]:N0} |");
        }

        await AppendLoad.ManyStreams(store.Log, callers: 256, TimeSpan.FromSeconds(2));
        foreach (var callers in Callers)
        {
            var rate = await AppendLoad.ManyStreams(store.Log, callers, time);
            Bench.Row($"many streams, callers: {callers} | {rate:N0} | {rate / raw.Max():0.00}");
        }

        foreach (var callers in Callers)
        {
            var rate = await AppendLoad.OneStream(store.Log, callers, time);
            Bench.Row($"one stream, callers: {callers} | {rate:N0} | {rate / raw.Max():0.00}");
        }
    }
}
