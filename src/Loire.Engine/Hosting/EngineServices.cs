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

    private static GrainManifest MakeManifest(IServiceProvider services) => new(new GrainClassOptions(
        services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value,
        [.. services.GetServices<IIncomingGrainCallFilter>()]));

    private static EngineRuntime MakeRuntime(IServiceProvider services)
    {
        var outgoing = services.GetServices<IOutgoingGrainCallFilter>().ToList();
        return new EngineRuntime(
            services,
            services.GetRequiredService<GrainManifest>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IOptions<SiloMessagingOptions>>(),
            services.GetRequiredService<IOptions<GrainCollectionOptions>>(),
            outgoing.Count > 0 ? new OutgoingFilters(outgoing) : null,
            services.GetRequiredService<ILogger<EngineRuntime>>(),
            services.GetService<ClusterSeat>(),
            services.GetService<EngineControl>());
    }
}
