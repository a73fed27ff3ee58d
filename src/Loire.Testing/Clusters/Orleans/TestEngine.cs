using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace Loire.Testing;

/// <summary>What a test cluster says to Orleans. The project file takes this file or its counterpart.</summary>
internal static class TestEngine
{
    public static ISiloBuilder UseTestEngine(this ISiloBuilder silo)
    {
        // Batches are polled for, so the period is their delay. The subscriptions are all implicit.
        silo.Services.Configure<StreamPullingAgentOptions>(
            SubscriptionBatch.StreamProvider, o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10));
        silo.Services.Configure<StreamPubSubOptions>(SubscriptionBatch.StreamProvider, o => o.PubSubType = StreamPubSubType.ImplicitOnly);

        // Registers what Orleans makes journaled grains with; the provider itself is not used.
        silo.AddLogStorageBasedLogConsistencyProvider("unused");

        // It calls errors what is no more than a silo that stops.
        silo.Services.AddLogging(logging => logging.AddFilter("Orleans", LogLevel.Critical));
        return silo;
    }
}
