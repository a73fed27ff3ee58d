using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Timers;

namespace Loire.Engine;

/// <summary>The services of the engine.</summary>
internal static class EngineServices
{
    public static void Add(IServiceCollection services) => Add<EngineHost>(services);

    public static void AddClient(IServiceCollection services)
    {
        Add<ClientHost>(services);
        services.AddOptions<SiloMessagingOptions>().Configure<IOptions<ClientMessagingOptions>>(
            static (used, set) =>
            {
                used.ResponseTimeout = set.Value.ResponseTimeout;
                used.CancelRequestOnTimeout = set.Value.CancelRequestOnTimeout;
            });
    }

    private static void Add<THost>(IServiceCollection services)
        where THost : class, IHostedService
    {
        if (services.Any(s => s.ServiceType == typeof(EngineRuntime)))
        {
            return;
        }

        services.AddOptions().AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(MakeManifest);
        services.AddSingleton(MakeRuntime);
        services.AddSingleton<GrainFactory>();
        services.AddSingleton<IGrainFactory>(s => s.GetRequiredService<GrainFactory>());
        services.AddSingleton<IClusterClient>(s => s.GetRequiredService<GrainFactory>());
        services.AddSingleton<ILocalSiloDetails, LocalSiloDetails>();
        services.AddSingleton<ITimerRegistry, TimerRegistry>();
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, THost>());
    }

    // Filters are made when the host starts or the first call meets them, because they may ask for what is being made here.
    private static GrainManifest MakeManifest(IServiceProvider services) => new(new GrainClassOptions(
        services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value,
        new(() => [.. services.GetServices<IIncomingGrainCallFilter>()])));

    private static EngineRuntime MakeRuntime(IServiceProvider services) => new(
        services,
        services.GetRequiredService<GrainManifest>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<IOptions<SiloMessagingOptions>>(),
        services.GetRequiredService<IOptions<GrainCollectionOptions>>(),
        new(() => services.GetServices<IOutgoingGrainCallFilter>().ToList() is { Count: > 0 } filters ? new OutgoingFilters(filters) : null),
        services.GetRequiredService<ILogger<EngineRuntime>>(),
        services.GetService<ClusterSeat>(),
        services.GetService<EngineControl>());
}
