using System.Diagnostics;
using System.Globalization;
using Loire.EventLog;
using Loire.EventLog.Sqlite;

namespace Loire.Benchmarks.RawStore;

/// <summary>
/// <c>raw-store [folder] [seconds]</c>: what SQLite gives with the plain client, and what the store makes of it, in one run
/// on one disk. Prints a Markdown table.
/// </summary>
public static class RawStoreBenchmark
{
    private static readonly int[] Callers = [1, 32, 256];

    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 3);
        var folder = Path.Combine(root, $"raw-store-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            await Measure(folder, time);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string folder, TimeSpan time)
    {
        var limits = RawLimits.Measure(folder, time);
        Console.WriteLine("| what | per second | of one-row rate | of batch rate |");
        Console.WriteLine("|---|--:|--:|--:|");
        Row("raw, one row per commit", limits.OneRowCommits, limits);
        Row($"raw, {RawLimits.BatchSize} rows per commit", limits.BatchedRows, limits);

        await using var store = SqliteStore.Open(new SqliteStoreOptions { DataFolder = folder });
        await AppendLoad.ManyStreams(store.Log, callers: 256, TimeSpan.FromSeconds(2));
        foreach (var callers in Callers)
        {
            Row($"append, many streams, callers: {callers}", await AppendLoad.ManyStreams(store.Log, callers, time), limits);
        }

        foreach (var callers in Callers)
        {
            Row($"append, one stream, callers: {callers}", await AppendLoad.OneStream(store.Log, callers, time), limits);
        }

        using (var stop = new CancellationTokenSource())
        {
            var projecting = ProjectionLoad.Follow(store, stop.Token);
            Row("append, one stream, callers: 1, with a projection", await AppendLoad.OneStream(store.Log, callers: 1, time), limits);
            await stop.CancelAsync();
            await projecting;
        }

        Row("events read (ReadAll, pages of 1,000)", await Read(store.Log), limits);
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

    private static void Row(string what, double rate, RawLimits limits) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {rate:N0} | {rate / limits.OneRowCommits:P0} | {rate / limits.BatchedRows:P0} |"));
}
