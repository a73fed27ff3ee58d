using Loire.Engine;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Keeps states of grains in memory.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    /// <summary>Adds a storage that lasts as long as the host or its cluster.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name) =>
        builder.ConfigureServices(services => services.AddKeyedSingleton<IGrainStorage>(name, static (services, key) =>
            services.GetService<ClusterSeat>()?.Cluster.Share((typeof(MemoryGrainStorage), key), static () => new MemoryGrainStorage())
            ?? new MemoryGrainStorage()));

    /// <summary>Adds the default storage, which lasts as long as the host or its cluster.</summary>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder) =>
        builder.AddMemoryGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
}
