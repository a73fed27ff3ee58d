using System.Diagnostics;
using System.Text.Json;
using Commerce.Users;
using Commerce.Values;
using Loire.Benchmarks.Commands;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Benchmarks.Sagas;

/// <summary>Sagas that wait for a timer: memory and processor time.</summary>
internal static class WaitingSagas
{
    public static async Task Measure(Platform platform, int count)
    {
        var before = Heap();
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (n, _) =>
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
