using System.Globalization;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Shipments;
using Loire.Benchmarks.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.Sagas;

/// <summary>
/// <c>sagas [folder] [seconds] [waiting] [in flight,…]</c>: sagas through four steps beside plain commands on SQLite, with all
/// views of the reference domain following and with none of them but that of sagas; what one saga asks of the store; then
/// sagas that wait for a timer (0 leaves them out), and what they cost while they do. Prints Markdown tables.
/// </summary>
internal static class SagaBenchmark
{
    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10);
        var waiting = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000;
        int[] inFlight = args.Length > 3 ? [.. args[3].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))] : [1, 32, 256, 1024];
        await On(root, async folder =>
        {
            await using var platform = await Start(folder, views: true);
            await Rates(platform, "All views follow", time, inFlight);
        });
        await On(root, async folder =>
        {
            await using var platform = await Start(folder, views: false);
            await Rates(platform, "Only the view of sagas follows", time, inFlight);
        });
        await On(root, async folder =>
        {
            var calls = new StoreCalls();
            await using var platform = await Start(folder, views: true, calls);
            await Calls(platform, calls);
        });
        if (waiting > 0)
        {
            await On(root, async folder =>
            {
                await using var platform = await Start(folder, views: true);
                await WaitingSagas.Measure(platform, waiting);
            });
        }
    }

    private static async Task On(string root, Func<string, Task> measure)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, $"sagas-{Guid.NewGuid():N}")).FullName;
        try
        {
            await measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<Platform> Start(string folder, bool views, StoreCalls? calls = null) => Platform.Start(
        services =>
        {
            services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder });
            if (calls is not null)
            {
                services.AddSingleton(sp => calls.Of<IEventLog>(sp.GetRequiredService<SqliteStore>().Log));
                services.AddSingleton(sp => calls.Of<ISnapshotStore>(sp.GetRequiredService<SqliteStore>().Log));
                services.AddSingleton(sp => calls.Of<IViewStore>(sp.GetRequiredService<SqliteStore>().Views));
            }
        },
        views,
        loire: views ? null : loire => loire
            .AddSaga<OrderFulfillmentGrain, OrderFulfillment>()
            .AddAggregate<InventoryGrain, InventoryDecider>()
            .AddAggregate<OrderGrain, OrderDecider>()
            .AddAggregate<PaymentGrain, PaymentDecider>()
            .AddAggregate<ShipmentGrain, ShipmentDecider>());

    private static async Task Rates(Platform platform, string what, TimeSpan time, int[] inFlight)
    {
        var load = new SagaLoad(platform);
        await load.Prepare();

        // As many as it takes until what runs is compiled for good, which is a quarter of the processor time before.
        await load.Commands(inFlight[^1], time / 2);
        await load.Fixed(256, 4000);
        Console.WriteLine($"| {what}; under way | commands/s | sagas/s | saga p50 ms | p99 ms | µs of processor, a command | a saga | 4 commands are |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|");
        List<string> timelines = [];
        foreach (var clients in inFlight)
        {
            var commands = await load.Commands(clients, time);
            var head = platform.Log.Head;
            var sagas = await load.Sagas(clients, time);
            timelines.Add(await SagaTimeline.Of(platform.Log, head, $"{clients:N0} under way"));
            Console.WriteLine(
                $"| {clients:N0} | {commands.PerSecond:N0} | {sagas.PerSecond:N0} | {sagas.Times.Percentile(50):0.0} | {sagas.Times.Percentile(99):0.0} "
                + $"| {commands.Processor:N0} | {sagas.Processor:N0} | {4 * commands.Processor / sagas.Processor:P0} |");
        }

        Console.WriteLine();
        timelines.ForEach(Console.WriteLine);
    }

    private static async Task Calls(Platform platform, StoreCalls calls)
    {
        const int Count = 1000;
        var load = new SagaLoad(platform);
        await load.Prepare();
        Console.WriteLine($"| a saga asks the store for, of {Count:N0} | one after the other | 32 under way |");
        Console.WriteLine("|---|--:|--:|");
        var alone = await Of(1);
        var together = await Of(32);
        foreach (var what in alone.Keys.Union(together.Keys).Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"| {what} | {alone.GetValueOrDefault(what):0.##} | {together.GetValueOrDefault(what):0.##} |");
        }

        Console.WriteLine();

        async Task<Dictionary<string, double>> Of(int clients)
        {
            calls.Clear();
            await load.Fixed(clients, Count);
            return calls.All.ToDictionary(c => c.Key, c => c.Value / (double)Count);
        }
    }
}
