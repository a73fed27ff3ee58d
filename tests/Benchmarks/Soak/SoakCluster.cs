using Commerce;
using Loire.Hosting;
using Loire.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Loire.Benchmarks.Soak;

/// <summary>Three silos with the reference domain on one store, and a client.</summary>
internal static class SoakCluster
{
    public const short Size = 3;

    public static async Task<InProcessTestCluster> Start(SoakStore store, Violations violations)
    {
        var builder = new InProcessTestClusterBuilder(Size);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(store.Log);
            silo.Services.AddSingleton(store.Views);
            silo.Services.AddLogging(logging => logging.AddProvider(new CriticalLogs(violations)));
            silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = SoakOptions.CallLimit);
            silo.Services.Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionQuantum = TimeSpan.FromSeconds(15);
                options.CollectionAge = TimeSpan.FromMinutes(1);
            });
            silo.ConfigureEngine().AddLoire(loire => loire.AddCommerce());
        });
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(
            options => options.ResponseTimeout = SoakOptions.CallLimit));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
