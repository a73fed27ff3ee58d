using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Users;
using Commerce.Values;
using Loire.Benchmarks.Commands;
using Loire.EventLog.Sqlite;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Benchmarks.Sagas;

/// <summary>
/// <c>sagas [folder] [seconds] [waiting]</c>: sagas through four steps beside plain commands, on SQLite, with all views of
/// the reference domain following; then sagas that wait for a timer, and what they cost while they do. Prints two Markdown
/// tables.
/// </summary>
internal static class SagaBenchmark
{
    private const int Products = 256;
    private const int Clients = 256;

    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10);
        var waiting = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000;
        var folder = Directory.CreateDirectory(Path.Combine(root, $"sagas-{Guid.NewGuid():N}")).FullName;
        try
        {
            await using var platform = await Platform.Start(services => services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder }));
            await Throughput(platform, time);
            await Waiting(platform, waiting);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Throughput(Platform platform, TimeSpan time)
    {
        await platform.OpenAccounts(1024);
        for (var product = 0; product < Products; product++)
        {
            await platform.Accepted("inventory", $"p-{product}", new InventoryCommand.ReceiveStock(Quantity.Of(Quantity.Max)));
        }

        await ClosedLoop.Run(Clients, time / 4, (client, n) => platform.DepositInto((int)(((client * 31) + n) % 1024), withKey: true));
        var commands = await ClosedLoop.Run(Clients, time, (client, n) => platform.DepositInto((int)(((client * 31) + n) % 1024), withKey: true));
        await platform.CatchUp(SagasView.Name);
        var sagas = await Sagas(platform, time);

        // A saga of four steps appends four commands and six events of its own: started, one for each step, completed.
        var share = 1 - (4 * sagas / commands.PerSecond);
        Console.WriteLine("| | per second |");
        Console.WriteLine("|---|--:|");
        Console.WriteLine($"| plain commands with keys, clients: {Clients} | {commands.PerSecond:N0} |");
        Console.WriteLine($"| sagas of four steps, {Clients} under way | {sagas:N0} |");
        Console.WriteLine($"| their commands | {4 * sagas:N0} |");
        Console.WriteLine($"| their commands and events | {10 * sagas:N0} |");
        Console.WriteLine($"\nOf the time of a saga, {share:P0} goes to what is not its four commands.\n");
    }

    private static async Task<double> Sagas(Platform platform, TimeSpan time)
    {
        var run = Guid.NewGuid().ToString("N");
        using var over = new CancellationTokenSource();
        var ends = new SagaEnds(platform.Log);
        var following = ends.Follow(over.Token);
        var loop = await ClosedLoop.Run(Clients, time, async (client, n) =>
        {
            var id = $"{run}-{client}-{n}";
            OrderItem item = new($"p-{((client * 31) + n) % Products}", Quantity.Of(1), Money.Of(1));
            await platform.Accepted("order", id, new OrderCommand.Place("ada", [item], "card"));
            await ends.Of(id).WaitAsync(TimeSpan.FromMinutes(1));
        });
        await over.CancelAsync();
        await following;
        return loop.PerSecond;
    }

    private static async Task Waiting(Platform platform, int count)
    {
        var before = Heap();
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (n, _) =>
        {
            var context = new UserOnboarding.Context($"w-{n}", "Ada", "ada@example.org", $"w-{n}", Money.Zero);
            await platform.Grain<ISagaGrain>(UserOnboarding.Name, $"w-{n}")
                .Start(JsonSerializer.SerializeToUtf8Bytes(context, LoireJson.Strict), SagaCause.Unknown);
        });
        await platform.CatchUp(SagasView.Name);
        var started = clock.Elapsed;
        await Task.Delay(TimeSpan.FromSeconds(5));
        var heap = Heap() - before;
        var (cpu, from) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(20));
        var idle = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / Stopwatch.GetElapsedTime(from).TotalSeconds;

        Console.WriteLine($"| {count:N0} sagas that wait for a time-out | |");
        Console.WriteLine("|---|--:|");
        Console.WriteLine($"| started and in the view within | {started.TotalSeconds:0} s |");
        Console.WriteLine($"| memory, with the users that they have registered | {heap / 1024.0 / 1024.0:0} MB |");
        Console.WriteLine($"| a saga | {heap / (double)count:N0} bytes |");
        Console.WriteLine($"| of one processor, while they wait | {idle:P1} |");
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);
}
