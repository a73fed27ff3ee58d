using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Loire.Benchmarks.GrainCalls;

/// <summary>Calls of grains in one process, and the memory of idle ones.</summary>
internal static class GrainCallBenchmark
{
    private const int Callers = 256;
    private const int Activations = 100_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    public static async Task Run(string[] arguments)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();

        Console.WriteLine("| Measurement | Result |");
        Console.WriteLine("|---|---:|");
        await Throughput("256 callers, 256 grains, ValueTask", grains, caller => caller, static (g, v) => g.Add(v));
        await Throughput("256 callers, 256 grains, Task", grains, caller => caller, static (g, v) => new(g.AddTask(v)));
        await Throughput("256 callers, one grain, ValueTask", grains, _ => 0, static (g, v) => g.Add(v));
        await Latency(grains.GetGrain<IEchoGrain>(0));
        await Memory(grains);
        await host.StopAsync();
    }

    private static async Task Throughput(
        string name, IGrainFactory grains, Func<int, int> key, Func<IEchoGrain, int, ValueTask<int>> call)
    {
        await Calls(grains, key, call, WarmUp);
        var clock = Stopwatch.StartNew();
        var calls = await Calls(grains, key, call, Measured);
        Console.WriteLine($"| {name} | {calls / clock.Elapsed.TotalSeconds:N0} calls/s |");
    }

    private static async Task<long> Calls(
        IGrainFactory grains, Func<int, int> key, Func<IEchoGrain, int, ValueTask<int>> call, TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var grain = grains.GetGrain<IEchoGrain>(key(caller));
            var count = 0L;
            while (Stopwatch.GetTimestamp() < end)
            {
                for (var i = 0; i < 100; i++)
                {
                    await call(grain, 1);
                }

                count += 100;
            }

            return count;
        }));
        return (await Task.WhenAll(callers)).Sum();
    }

    private static async Task Latency(IEchoGrain grain)
    {
        const int calls = 200_000;
        var ticks = new long[calls];
        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await grain.Add(1);
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(ticks);
        var microseconds = 1e6 / Stopwatch.Frequency;
        Console.WriteLine($"| one caller, p50 | {ticks[calls / 2] * microseconds:N1} µs |");
        Console.WriteLine($"| one caller, p99 | {ticks[calls / 100 * 99] * microseconds:N1} µs |");
    }

    private static async Task Memory(IGrainFactory grains)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var key = 1_000_000; key < 1_000_000 + Activations; key++)
        {
            await grains.GetGrain<IEchoGrain>(key).Add(1);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"| idle activation, of {Activations:N0} | {(after - before) / (double)Activations:N0} bytes |");
    }
}
