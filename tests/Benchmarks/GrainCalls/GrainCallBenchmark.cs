using System.Globalization;
using Loire.Benchmarks.Commands;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace Loire.Benchmarks.GrainCalls;

/// <summary>
/// <c>grain-calls [file]</c>: calls of grains in one process, delivery by streams, and the memory of idle grains. Prints a
/// Markdown table; with the output of a run on the other engine in a file, both are in it.
/// </summary>
internal static class GrainCallBenchmark
{
    private const int Callers = 256;
    private const int FanOut = 100;
    private const int Activations = 100_000;
    private const string Streams = "streams";

    public static async Task Run(string[] args)
    {
        var table = new ResultTable(args.Length > 0 ? args[0] : null);
        using var host = Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        await Calls(table, grains);
        await StreamDelivery(table, host.Services);
        await Memory(table, grains);
        await host.StopAsync();
        table.Print();
    }

    private static IHost Build()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Deliveries>();

        // As the silo sets its streams.
        builder.Services.Configure<StreamPullingAgentOptions>(Streams, o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10));
        builder.Services.Configure<StreamPubSubOptions>(Streams, o => o.PubSubType = StreamPubSubType.ImplicitOnly);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryStreams(Streams));
        return builder.Build();
    }

    private static async Task Calls(ResultTable table, IGrainFactory grains)
    {
        Add(table, $"one hot grain, {Callers} callers", await CallLoad.Run(Callers, _ => AddTo(0)));
        Add(table, $"{Callers} grains, {Callers} callers", await CallLoad.Run(Callers, AddTo));
        Add(table, $"{Callers} grains, {Callers} callers, `Task`", await CallLoad.Run(Callers, AddTaskTo));
        Add(table, "one grain, one caller", await CallLoad.Run(1, _ => AddTo(0)));
        var fanOut = grains.GetGrain<IFanOutGrain>(0);
        var (perSecond, timed) = await CallLoad.Run(1, _ => () => new(fanOut.CallAll(FanOut)));
        table.Add($"one grain that calls {FanOut} and waits for all, calls/s", Text(perSecond * FanOut));
        table.Add($"one grain that calls {FanOut} and waits for all, p50 / p99", Microseconds(timed));

        Func<ValueTask> AddTo(int key)
        {
            var grain = grains.GetGrain<IEchoGrain>(key);
            return async () => await grain.Add(1);
        }

        Func<ValueTask> AddTaskTo(int key)
        {
            var grain = grains.GetGrain<IEchoGrain>(key);
            return () => new(grain.AddTask(1));
        }
    }

    private static async Task StreamDelivery(ResultTable table, IServiceProvider services)
    {
        var load = new StreamLoad(
            services.GetRequiredService<IClusterClient>().GetStreamProvider(Streams), services.GetRequiredService<Deliveries>());
        await load.Throughput(8, TimeSpan.FromSeconds(2));
        table.Add("streams, 1 producer, items/s", Text(await load.Throughput(1, TimeSpan.FromSeconds(5))));
        table.Add("streams, 8 producers and streams, items/s", Text(await load.Throughput(8, TimeSpan.FromSeconds(5))));
        table.Add("streams, 1,000 items/s, p50 / p99", Microseconds(await load.Delay(1_000, TimeSpan.FromSeconds(5))));
    }

    private static async Task Memory(ResultTable table, IGrainFactory grains)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var key = 1_000_000; key < 1_000_000 + Activations; key++)
        {
            await grains.GetGrain<IEchoGrain>(key).Add(1);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        table.Add($"an idle activation, of {Activations:N0}, bytes", Text((after - before) / (double)Activations));
    }

    private static void Add(ResultTable table, string what, (double PerSecond, Latencies Timed) result)
    {
        table.Add($"{what}, calls/s", Text(result.PerSecond));
        table.Add($"{what}, p50 / p99", Microseconds(result.Timed));
    }

    private static string Microseconds(Latencies timed) => string.Create(
        CultureInfo.InvariantCulture, $"{timed.Percentile(50) * 1_000:N1} / {timed.Percentile(99) * 1_000:N1} µs");

    private static string Text(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
