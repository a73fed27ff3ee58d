using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.Processes;
using Loire.Serialization;

namespace Loire.Benchmarks.Timers;

/// <summary>
/// <c>timers [folder] [seconds] [waiting]</c>: how late durable timers are at 1,000 per second, and what it costs to have many
/// that wait. Prints two Markdown tables.
/// </summary>
internal static class TimerBenchmark
{
    private const int PerSecond = 1_000;
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(20);

    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        var waiting = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000;
        var folder = Directory.CreateDirectory(Path.Combine(root, $"timers-{Guid.NewGuid():N}")).FullName;
        try
        {
            await Lateness(Path.Combine(folder, "lateness"), seconds);
            Console.WriteLine("\n| waiting | processor at rest, % of one core | heap, MB | set in s |");
            Console.WriteLine("|--:|--:|--:|--:|");
            foreach (var count in (int[])[0, waiting])
            {
                await Waiting(Path.Combine(folder, $"waiting-{count}"), count);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Lateness(string folder, int seconds)
    {
        await using var platform = await Start(folder);
        await Settle(platform, PerSecond);
        await Ring(platform, "warm-up", PerSecond);
        var late = await Ring(platform, "measured", seconds * PerSecond);
        var latencies = new Latencies(late, TimeSpan.FromSeconds(seconds));
        Console.WriteLine($"| {PerSecond:N0} timers per second, {late.Count:N0} in all | ms late |");
        Console.WriteLine("|---|--:|");
        foreach (var percentile in (double[])[50, 99, 100])
        {
            Console.WriteLine($"| p{percentile:0} | {latencies.Percentile(percentile):0.0} |");
        }

        Console.WriteLine($"| earliest | {late.Min():0.0} |");
    }

    /// <summary>Sets timers late enough for all of them to be on disk by then, and for none to be kept by its own grain.</summary>
    private static async Task<List<double>> Ring(Platform platform, string prefix, int count)
    {
        var after = platform.Log.Head;
        var first = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(8 + (count / 1000.0));
        await Set(platform, prefix, count, n => first + TimeSpan.FromMilliseconds(n * 1000.0 / PerSecond));
        await platform.CatchUp(ProcessesView.Name);
        return TimeProvider.System.GetUtcNow() < first - TimeSpan.FromSeconds(1)
            ? await Rung(platform, count, after)
            : throw new TimeoutException("The timers were not set in time for a measurement.");
    }

    private static async Task Waiting(string folder, int count)
    {
        var clock = Stopwatch.StartNew();
        await using (var before = await Start(folder))
        {
            await Set(before, "w", count, _ => TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(365));
            await Settle(before, 1);
        }

        var set = clock.Elapsed;

        // Another platform on the same store: nobody has woken any of them since.
        await using var platform = await Start(folder);
        await platform.CatchUp(ProcessesView.Name);
        await Task.Delay(TimeSpan.FromSeconds(3));
        GC.Collect();
        var (used, since) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(AtRest);
        var share = (Environment.CpuUsage.TotalTime - used) / Stopwatch.GetElapsedTime(since);
        Console.WriteLine(
            $"| {count:N0} | {share * 100:0.00} | {GC.GetTotalMemory(forceFullCollection: true) / 1e6:0.0} | {set.TotalSeconds:0.0} |");
    }

    private static Task<Platform> Start(string folder) => Platform.Start(
        services => services.AddSqliteStore(new SqliteStoreOptions { DataFolder = Directory.CreateDirectory(folder).FullName }),
        views: false,
        loire: loire => loire.AddProcess<AlarmGrain, Alarm>());

    private static Task Set(Platform platform, string prefix, int count, Func<int, DateTimeOffset> due) => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = 256 },
        async (n, _) => await platform.OpenAccount($"{prefix}-{n}", due(n).ToString("O", CultureInfo.InvariantCulture)));

    /// <summary>Timers that are due at once: when they have rung, everything that was set before is on disk.</summary>
    private static async Task Settle(Platform platform, int count)
    {
        var after = platform.Log.Head;
        await Set(platform, $"s{after}", count, _ => TimeProvider.System.GetUtcNow());
        await Rung(platform, count, after);
    }

    /// <returns>How late each was, in milliseconds.</returns>
    private static async Task<List<double>> Rung(Platform platform, int count, long after = 0)
    {
        var codec = new EventCodec(Alarm.Name, typeof(ProcessEvent));
        var due = new Dictionary<string, DateTimeOffset>();
        var late = new List<double>();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (late.Count < count)
        {
            await platform.Log.WaitBeyond(after, limit.Token);
            var page = await platform.Log.ReadAll(after, new LogFilter { Aggregates = [Alarm.Name] }, 1000, limit.Token);
            foreach (var e in page.Events)
            {
                var moved = (ProcessEvent.Moved)codec.Decode(e);
                if (moved.Input.Kind == ProcessInputKind.Event)
                {
                    due[e.Stream.Id] = moved.Timers.Single().Due;
                }
                else if (due.Remove(e.Stream.Id, out var time))
                {
                    late.Add((e.OccurredAt - time).TotalMilliseconds);
                }
            }

            after = page.Through;
        }

        return late;
    }
}
