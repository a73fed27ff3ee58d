using System.Diagnostics;
using EndToEnd.Crash;
using Loire.Benchmarks.Commands;
using Orleans.TestingHost;

namespace Loire.Benchmarks.Soak;

/// <summary>
/// <c>soak</c>: constant load on three silos while they are killed, stopped and restarted at random. Every round ends with a
/// rest, in which everything is checked and memory is measured. Prints a Markdown table; the exit code is not 0 when
/// anything did not hold.
/// </summary>
internal static class SoakBenchmark
{
    public static async Task Run(string[] args)
    {
        var options = SoakOptions.Parse(args);
        Console.WriteLine($"Seed {options.Seed}, {options.Store}, {options.Callers} callers, {options.PerSecond} commands per second.\n");
        var violations = new Violations();
        await using var store = await SoakStore.Open(options.Store, options.Folder);
        await using var cluster = await SoakCluster.Start(store, violations);
        using var acknowledgements = new Acknowledgements();
        await new Soaking(options, store, cluster, acknowledgements, violations).Run();
        Environment.ExitCode = violations.All.Count == 0 ? 0 : 1;
    }

    private sealed class Soaking(
        SoakOptions options, SoakStore store, InProcessTestCluster cluster, Acknowledgements acknowledgements, Violations violations)
    {
        private readonly Random _random = new(options.Seed);
        private readonly MemorySeries _memory = new();
        private readonly Rest _rest = new(cluster, store);
        private TimeSpan _load;

        public async Task Run()
        {
            var client = new SoakClient(cluster.Client, store.Log, violations);
            foreach (var operation in Workload.Setup())
            {
                if (await client.Send(operation) is var (answer, _))
                {
                    acknowledgements.Add(answer);
                }
            }

            Console.WriteLine("| load, min | commands | repeated calls | events | kills / stops | p50 / p99 / longest call, ms | settled, s | heap, MB |");
            Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|");
            for (var round = 1; _load < options.Time; round++)
            {
                await Round(round);
            }

            Console.WriteLine($"\nHeap: {_memory.Slope:+0.00;-0.00;0.00} MB per minute. Violations: {violations.All.Count}.");
            if (!_memory.IsFlat)
            {
                violations.Add($"The heap grows by {_memory.Slope:0.00} MB per minute");
            }
        }

        private async Task Round(int round)
        {
            var client = new SoakClient(cluster.Client, store.Log, violations);
            var chaos = new Chaos(cluster, client, _random);
            var latencies = await Load(round, client, chaos);
            var rest = Stopwatch.StartNew();
            try
            {
                await _rest.Settle();
                var settled = rest.Elapsed;
                var heap = await _memory.Sample(cluster, _load);
                var events = await new SoakChecks(store, _rest, client, acknowledgements, violations, _random).All();
                Console.WriteLine($"| {_load.TotalMinutes:0.0} | {acknowledgements.Count:N0} | {client.Repeated:N0} | {events:N0} | {chaos.Kills} / {chaos.Stops} "
                    + $"| {latencies.Percentile(50):0.0} / {latencies.Percentile(99):0} / {client.LongestCall:N0} | {settled.TotalSeconds:0.0} | {heap:0.0} |");
            }
            catch (ShouldAssertException failure)
            {
                violations.Add(failure.Message);
            }
        }

        private async Task<Latencies> Load(int round, SoakClient client, Chaos chaos)
        {
            var clock = Stopwatch.StartNew();
            using var over = new CancellationTokenSource(options.Round);
            using var quiet = new CancellationTokenSource();
            var watcher = new LogWatcher(store.Log, violations).Run(quiet.Token);
            var killing = chaos.Run(over.Token);
            var period = TimeSpan.FromSeconds((double)options.Callers / options.PerSecond);
            var callers = Enumerable.Range(0, options.Callers)
                .Select(c => new SoakCaller(new Workload(options.Seed, round, c), client, acknowledgements, violations)).ToList();
            await Task.WhenAll([killing, .. callers.Select(caller => Task.Run(() => caller.Run(period, over.Token)))]);
            await quiet.CancelAsync();
            await watcher;
            _load += clock.Elapsed;
            return new Latencies(callers.SelectMany(caller => caller.Latencies), clock.Elapsed);
        }
    }
}
