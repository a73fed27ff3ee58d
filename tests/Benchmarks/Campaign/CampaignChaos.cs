using Orleans.TestingHost;

namespace Loire.Benchmarks.Campaign;

/// <summary>
/// Kills silos, crashes the database, and from time to time lets a second cluster work on the same store, so that every grain
/// has two activations.
/// </summary>
internal sealed class CampaignChaos(
    InProcessTestCluster cluster, Func<Task<InProcessTestCluster>> startRival, Func<Task>? crashDatabase, Random random)
{
    public int Kills { get; private set; }

    public int Rivals { get; private set; }

    public int Crashes { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            await Task.Delay(random.Next(1_000, 3_000), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var trouble = (round % 4) switch
            {
                1 => Compete(),
                3 when crashDatabase is not null => Crash(crashDatabase),
                _ => Kill(),
            };
            await trouble;
        }
    }

    private async Task Kill()
    {
        Kills++;
        var silo = cluster.Silos[random.Next(cluster.Silos.Count)];
        await cluster.KillSiloAsync(silo);
        await Task.Delay(random.Next(0, 1_000));
        await cluster.RestartSiloAsync(silo);
    }

    private async Task Compete()
    {
        Rivals++;
        await using var rival = await startRival();
        await Task.Delay(random.Next(2_000, 4_000));
        await rival.KillSiloAsync(rival.Silos[0]);
    }

    private Task Crash(Func<Task> crash)
    {
        Crashes++;
        return crash();
    }
}
