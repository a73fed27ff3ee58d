using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EndToEnd.Crash;

namespace EndToEnd.Cluster;

/// <summary>
/// Kills one of three silos under load, and goes on with the other two; then it comes back. <c>LOIRE_CRASH_ROUNDS</c> and
/// <c>LOIRE_CRASH_SEED</c> choose how often and what.
/// </summary>
[Collection(nameof(Crash))]
public sealed class ClusterCrashTests(ITestOutputHelper output)
{
    private const int Silos = 3;
    private const int Clients = 24;
    private static readonly TimeSpan StepLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(300);

    private readonly int _seed = Setting("LOIRE_CRASH_SEED", Environment.TickCount);
    private readonly ConcurrentQueue<Acknowledgement> _acknowledged = new();
    private readonly int[] _bySilo = new int[Silos];

    [Fact]
    public async Task Nothing_is_lost_or_done_twice_when_one_silo_of_three_is_killed_under_load()
    {
        var random = new Random(_seed);
        output.WriteLine($"LOIRE_CRASH_SEED={_seed}");
        await using var cluster = await SiloCluster.Start(Silos);
        foreach (var operation in Workload.Setup())
        {
            _acknowledged.Enqueue((await LoadClient.Send(cluster.Api(0), operation)).ShouldNotBeNull());
        }

        for (var round = 1; round <= Setting("LOIRE_CRASH_ROUNDS", 3); round++)
        {
            await Round(cluster, round, random);
        }
    }

    private async Task Round(SiloCluster cluster, int round, Random random)
    {
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(c => Work(cluster, round, c, stop.Token)).ToArray();
        var victim = round % Silos;
        await Answers(clients, random.Next(150, 301), each: 10);

        await cluster.Process(victim).Kill();
        var killed = Stopwatch.GetTimestamp();
        await Answers(clients, random.Next(150, 301), each: 10, without: victim);
        var recovered = Stopwatch.GetElapsedTime(killed);

        await stop.CancelAsync();
        await Task.WhenAll(clients).WaitAsync(StepLimit);
        await Check(cluster, (victim + 1) % Silos, random);
        output.WriteLine($"round {round}: {_acknowledged.Count} acknowledged, "
            + $"{recovered.TotalSeconds:0.0} s from the kill to answers from both others, {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s until all was well");

        await cluster.Start(victim);
        await Check(cluster, victim, random);
    }

    private async Task Check(SiloCluster cluster, int silo, Random random)
    {
        await LoadChecks.Settled(cluster.Api(silo));
        await LoadChecks.Check(cluster.Api(silo), _acknowledged, random);
    }

    // Goes from silo to silo. Sends what was not answered again, to the next one, until it is known what became of it.
    private async Task Work(SiloCluster cluster, int round, int number, CancellationToken stop)
    {
        var silo = number % Silos;
        var client = new LoadClient(new Workload(_seed, round, number), answer =>
        {
            _acknowledged.Enqueue(answer);
            Interlocked.Increment(ref _bySilo[silo]);
        });
        while (!stop.IsCancellationRequested || client.Pending is not null)
        {
            try
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(stop);
                turn.CancelAfter(Turn);
                await client.Finish(cluster.Api(silo));
                await client.Run(cluster.Api(silo), turn.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The silo has been killed.
                await Task.Delay(Pause, CancellationToken.None);
            }

            silo = (silo + 1) % Silos;
        }
    }

    /// <summary>Waits until so many more operations were answered, and some by each silo.</summary>
    private async Task Answers(Task[] clients, int count, int each, int without = -1)
    {
        var before = (Total: _acknowledged.Count, BySilo: (int[])_bySilo.Clone());
        using var limit = new CancellationTokenSource(StepLimit);
        while (_acknowledged.Count - before.Total < count
            || Enumerable.Range(0, Silos).Any(s => s != without && Volatile.Read(ref _bySilo[s]) - before.BySilo[s] < each))
        {
            foreach (var failed in clients.Where(c => c.IsCompleted))
            {
                await failed;
            }

            await Task.Delay(Pause, limit.Token);
        }
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
