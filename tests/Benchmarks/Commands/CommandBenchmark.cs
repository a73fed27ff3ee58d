using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.RawStore;
using Loire.EventLog.Sqlite;

namespace Loire.Benchmarks.Commands;

/// <summary>
/// <c>commands [folder] [seconds]</c>: durable commands through grains, with all views of the reference domain following,
/// beside what SQLite gives with the plain client in the same run. Prints two Markdown tables.
/// </summary>
internal static class CommandBenchmark
{
    private const int Accounts = 1024;

    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 5);
        var folder = Directory.CreateDirectory(Path.Combine(root, $"commands-{Guid.NewGuid():N}")).FullName;
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
        Console.WriteLine("| commands | per second | of one-row rate | of batch rate | p50 ms | p99 ms | processor µs |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        Row("raw, one row per commit", limits.OneRowCommits, limits);
        Row($"raw, {RawLimits.BatchSize} rows per commit", limits.BatchedRows, limits);
        await using (var alone = await Start(Path.Combine(folder, "alone"), views: false, time))
        {
            Row("many aggregates, clients: 256, no views", await Many(alone, clients: 256, time), limits);
        }

        await using var platform = await Start(Path.Combine(folder, "views"), views: true, time);
        foreach (var clients in (int[])[1, 32, 256])
        {
            Row($"many aggregates, clients: {clients}", await Many(platform, clients, time), limits);
        }

        Row("many aggregates, clients: 256, idempotency keys", await Many(platform, clients: 256, time, withKeys: true), limits);
        Row("one aggregate, clients: 256", await ClosedLoop.Run(256, time, (_, _) => platform.DepositInto(0)), limits);

        await CatchUp(platform);
        await FromCommandToView(platform, perSecond: 1000, time);
    }

    private static async Task<Platform> Start(string folder, bool views, TimeSpan time)
    {
        Directory.CreateDirectory(folder);
        var platform = await Platform.Start(
            services => services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder }), views);
        await platform.OpenAccounts(Accounts);
        await Many(platform, clients: 256, time / 2);
        return platform;
    }

    private static Task<Latencies> Many(Platform platform, int clients, TimeSpan time, bool withKeys = false) =>
        ClosedLoop.Run(clients, time, (client, n) => platform.DepositInto((int)(((client * 31) + n) % Accounts), withKeys));

    private static async Task CatchUp(Platform platform)
    {
        var clock = Stopwatch.StartNew();
        await platform.CatchUp("accounts");
        Console.WriteLine($"\nThe view `accounts` had caught up {clock.Elapsed.TotalSeconds:0.0} s after the load.\n");
    }

    /// <summary>Commands at a fixed rate, whether or not earlier ones have been answered.</summary>
    private static async Task FromCommandToView(Platform platform, int perSecond, TimeSpan time)
    {
        var view = platform.View("accounts");
        var clock = Stopwatch.StartNew();
        var running = new List<Task<(double Answer, double View)>>();
        while (clock.Elapsed < time)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * perSecond); running.Count < due;)
            {
                running.Add(One(running.Count % Accounts));
            }

            await Task.Delay(1);
        }

        var measured = await Task.WhenAll(running);
        Console.WriteLine($"| at {perSecond} commands per second | p50 ms | p99 ms |");
        Console.WriteLine("|---|--:|--:|");
        var answers = new Latencies(measured.Select(m => m.Answer), time);
        var views = new Latencies(measured.Select(m => m.View), time);
        Console.WriteLine($"| command to answer | {answers.Percentile(50):0.0} | {answers.Percentile(99):0.0} |");
        Console.WriteLine($"| command to view | {views.Percentile(50):0.0} | {views.Percentile(99):0.0} |");

        async Task<(double, double)> One(int account)
        {
            var start = Stopwatch.GetTimestamp();
            var position = await platform.DepositInto(account);
            var answer = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!await platform.Views.WaitUntil(view, position, TimeSpan.FromSeconds(20)))
            {
                throw new TimeoutException($"The view did not reach {position}.");
            }

            return (answer, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static void Row(string what, Latencies latencies, RawLimits limits) =>
        Row(what, latencies.PerSecond, limits, $"{latencies.Percentile(50):0.00} | {latencies.Percentile(99):0.00} | {latencies.ProcessorMicroseconds:0}");

    private static void Row(string what, double perSecond, RawLimits limits, string latencies = " | | ") => Console.WriteLine(
        $"| {what} | {perSecond:N0} | {perSecond / limits.OneRowCommits:0.00} | {perSecond / limits.BatchedRows:0.00} | {latencies} |");
}
