#if ORLEANS
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Streams;
#endif

namespace Loire.Silo;

/// <summary>What has to be said to one engine and not to the other; the only place that knows which one this is.</summary>
internal static class EngineSetup
{
    /// <summary>Sets up the engine for a silo on its own.</summary>
    public static ISiloBuilder UseEngine(this ISiloBuilder silo) => silo.UseLocalhostClustering().ConfigureEngine();

    /// <summary>Says what a silo needs wherever its cluster is.</summary>
    public static ISiloBuilder ConfigureEngine(this ISiloBuilder silo)
    {
#if ORLEANS
        // Batches are polled for, so the period is their delay. The subscriptions are all implicit.
        silo.Services.Configure<StreamPullingAgentOptions>(
            Subscriptions.SubscriptionBatch.StreamProvider, o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10));
        silo.Services.Configure<StreamPubSubOptions>(
            Subscriptions.SubscriptionBatch.StreamProvider, o => o.PubSubType = StreamPubSubType.ImplicitOnly);

        // Registers what Orleans makes journaled grains with; the provider itself is not used.
        silo.AddLogStorageBasedLogConsistencyProvider("unused");
        silo.AddActivityPropagation();
#endif
        return silo;
    }
}
