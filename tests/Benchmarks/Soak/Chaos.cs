using Orleans.TestingHost;

namespace Loire.Benchmarks.Soak;

/// <summary>Ends silos while calls are on their way, and starts them again. At least one runs at any time.</summary>
internal sealed class Chaos(InProcessTestCluster cluster, SoakClient client, Random random)
{
    public int Kills { get; private set; }

    public int Stops { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(random.Next(1_000, 6_000), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            await client.NextCall.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            switch (random.Next(100))
            {
                case < 55:
                    await KillAndRestart(1);
                    break;
                case < 75:
                    await KillAndRestart(SoakCluster.Size - 1);
                    break;
                default:
                    Stops++;
                    await cluster.RestartSiloAsync(Any());
                    break;
            }
        }
    }

    private async Task KillAndRestart(int count)
    {
        var killed = new List<InProcessSiloHandle>();
        for (var i = 0; i < count; i++)
        {
            killed.Add(Any());
            Kills++;
            await cluster.KillSiloAsync(killed[i]);
        }

        await Task.Delay(random.Next(0, 2_000));
        foreach (var silo in killed)
        {
            await cluster.RestartSiloAsync(silo);
        }
    }

    private InProcessSiloHandle Any() => cluster.Silos[random.Next(cluster.Silos.Count)];
}
