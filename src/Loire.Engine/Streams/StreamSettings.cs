using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Streams;

namespace Orleans.Streams
{
    /// <summary>Who may receive the items of a stream.</summary>
    public enum StreamPubSubType
    {
        /// <summary>Whoever subscribes, and the grains that are subscribed by their attributes.</summary>
        ExplicitGrainBasedAndImplicit,

        /// <summary>Whoever subscribes.</summary>
        ExplicitGrainBasedOnly,

        /// <summary>The grains that are subscribed by their attributes.</summary>
        ImplicitOnly,
    }
}

namespace Orleans.Configuration
{
    /// <summary>Who may receive the items of a provider's streams.</summary>
    public class StreamPubSubOptions
    {
        /// <summary>Who may receive them.</summary>
        public StreamPubSubType PubSubType { get; set; } = StreamPubSubType.ExplicitGrainBasedAndImplicit;
    }

    /// <summary>How items are delivered.</summary>
    public class StreamPullingAgentOptions
    {
        /// <summary>How long an item is delivered again to a consumer that fails. 1 minute unless set.</summary>
        public TimeSpan MaxEventDeliveryTime { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How often queues are polled in a cluster. The embedded engine hands items on at once and does not poll.</summary>
        public TimeSpan GetQueueMsgsTimerPeriod { get; set; } = TimeSpan.FromMilliseconds(100);
    }
}

namespace Orleans.Hosting
{
    /// <summary>Settings of a provider of streams in memory.</summary>
    public interface ISiloMemoryStreamConfigurator
    {
        /// <summary>The name of the provider.</summary>
        string Name { get; }

        /// <summary>Changes the services of the host.</summary>
        Action<Action<IServiceCollection>> ConfigureDelegate { get; }
    }

    /// <summary>Settings of a provider of streams.</summary>
    public static class PersistentStreamConfiguratorExtensions
    {
        /// <summary>Sets who may receive items.</summary>
        public static void ConfigureStreamPubSub(
            this ISiloMemoryStreamConfigurator configurator,
            StreamPubSubType pubsubType = StreamPubSubType.ExplicitGrainBasedAndImplicit) =>
            configurator.ConfigureDelegate(services =>
                services.Configure<StreamPubSubOptions>(configurator.Name, options => options.PubSubType = pubsubType));

        /// <summary>Sets how items are delivered.</summary>
        public static void ConfigurePullingAgent(
            this ISiloMemoryStreamConfigurator configurator,
            Action<OptionsBuilder<StreamPullingAgentOptions>>? configureOptions = null) =>
            configurator.ConfigureDelegate(services =>
                configureOptions?.Invoke(services.AddOptions<StreamPullingAgentOptions>(configurator.Name)));
    }
}
