using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Loire.Engine.ContractTests.Clusters;

/// <summary>Several silos in this process, for one test.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private TestSilos(InProcessTestCluster cluster, Signals signals)
    {
        Cluster = cluster;
        Signals = signals;
    }

    public InProcessTestCluster Cluster { get; }

    public Signals Signals { get; }

    public IClusterClient Client => Cluster.Client;

    public static async Task<TestSilos> Start(
        short silos = 3, Action<ISiloBuilder>? configure = null, Action<IClientBuilder>? client = null)
    {
        var signals = new Signals();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(signals);
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(c => client?.Invoke(c));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestSilos(cluster, signals);
    }

    public IPlacedGrain Grain(string key) => Of(Client, key);

    public static IPlacedGrain Of(IGrainFactory grains, string key) =>
        grains.GetGrain<IPlacedGrain>(GrainId.Create("randomly-placed", key));

    public static IGrainFactory FactoryOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>A grain that has been activated on a silo.</summary>
    public async Task<IPlacedGrain> GrainOn(InProcessSiloHandle silo, string name = "g")
    {
        for (var i = 0; i < 1_000; i++)
        {
            if ((await Grain($"{name}{i}").Silo()).Equals(silo.SiloAddress))
            {
                return Grain($"{name}{i}");
            }
        }

        throw new InvalidOperationException($"No grain came to {silo}");
    }

    public async Task Kill(InProcessSiloHandle silo)
    {
        await Cluster.KillSiloAsync(silo);
        await Cluster.WaitForLivenessToStabilizeAsync(didKill: true);
    }

    /// <summary>Calls again where the cluster has not yet found out what has changed.</summary>
    public static async Task<T> Eventually<T>(Func<Task<T>> call)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException && !limit.IsCancellationRequested)
            {
                await Task.Delay(Pause, limit.Token);
            }
        }
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
