using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;

namespace Loire.Engine;

/// <summary>Streams in this process.</summary>
internal sealed class EmbeddedStreamProvider : IStreamProvider
{
    private readonly EngineRuntime _runtime;
    private readonly StreamPullingAgentOptions _delivery;
    private readonly ILookup<string, GrainType> _implicit;
    private readonly StreamHub _hub;

    public EmbeddedStreamProvider(
        string name, EngineRuntime runtime, StreamPubSubOptions pubSub, StreamPullingAgentOptions delivery)
    {
        Name = name;
        _runtime = runtime;
        _delivery = delivery;
        _hub = StreamHub.Of(runtime, name);
        AllowsExplicit = pubSub.PubSubType != StreamPubSubType.ImplicitOnly;
        var classes = pubSub.PubSubType == StreamPubSubType.ExplicitGrainBasedOnly ? [] : runtime.Manifest.Classes;
        _implicit = classes
            .SelectMany(c => c.StreamNamespaces.Select(ns => (ns, c.GrainType)))
            .ToLookup(p => p.ns, p => p.GrainType, StringComparer.Ordinal);
    }

    public string Name { get; }

    public bool IsRewindable => false;

    public bool AllowsExplicit { get; }

    public static void Add(IServiceCollection services, string name) =>
        services.AddKeyedSingleton<IStreamProvider>(name, static (services, key) =>
        {
            var name = (string)key!;
            return new EmbeddedStreamProvider(
                name,
                services.GetRequiredService<EngineRuntime>(),
                services.GetRequiredService<IOptionsMonitor<StreamPubSubOptions>>().Get(name),
                services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name));
        });

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => ImmutableMessages.IsImmutable(typeof(T))
        ? new EmbeddedStream<T>(this, streamId)
        : throw new OrleansConfigurationException(
            $"Items of stream {streamId} are {typeof(T)}, which is not immutable: mark it [Immutable], or use Immutable<T>");

    public long NextSequenceNumber() => _hub.NextSequenceNumber();

    /// <summary>Gives an item to every consumer's queue.</summary>
    public Task Publish(StreamId stream, StreamItem item)
    {
        if (_runtime.IsDead)
        {
            return Task.FromException(new SiloUnavailableException($"{_runtime.Name} has stopped, so it has no streams"));
        }

        return _runtime.Control?.Publish(stream, () => Queue(stream, item)) ?? Queue(stream, item);
    }

    /// <summary>Gives an item to a consumer and waits until it has handled it.</summary>
    public Task Deliver(Subscription subscription, StreamItem item, EngineRuntime home)
    {
        if (subscription.IsOfClient)
        {
            return item.Give(subscription.ClientObserver!);
        }

        var delivery = new StreamDelivery(this, subscription, item);
        if (home.Stamp(delivery))
        {
            delivery.Context = item.Context;
            home.Deliver(subscription.Consumer, delivery);
        }
        else
        {
            home.DeliverFromTheDead(subscription.Consumer, delivery);
        }

        return delivery.Reply;
    }

    public void Subscribe(Subscription subscription) => _hub.Subscribe(subscription);

    public void Unsubscribe(Subscription subscription) => _hub.Unsubscribe(subscription);

    public IEnumerable<Subscription> SubscriptionsOf(StreamId stream, GrainId consumer) =>
        Subscriptions(stream).Where(s => s.Consumer == consumer);

    public void Remove(StreamPump pump) =>
        _hub.Pumps.TryRemove(new KeyValuePair<Subscription, StreamPump>(pump.Subscription, pump));

    /// <summary>The silo whose memory holds the queue of a stream.</summary>
    /// <exception cref="SiloUnavailableException">The cluster has none.</exception>
    public EngineRuntime Home(StreamId stream) => _runtime.Cluster?.Membership.Owner(stream.GetHashCode()) ?? _runtime;

    private async Task Queue(StreamId stream, StreamItem item)
    {
        foreach (var subscription in Subscriptions(stream))
        {
            var queued = item.ForConsumer();
            while (!await Pump(subscription).Write(queued))
            {
                // That pump has just ended; the next one is new.
            }
        }
    }

    private IEnumerable<Subscription> Subscriptions(StreamId stream)
    {
        var ofAttributes = _implicit[stream.GetNamespace() ?? ""]
            .Select(type => new Subscription(stream, GrainId.Create(type, stream.GetKeyAsString()), ExplicitId: null));
        return ofAttributes.Concat(_hub.SubscribedTo(stream));
    }

    private StreamPump Pump(Subscription subscription) => _hub.Pumps.GetOrAdd(
        subscription,
        static (subscription, provider) => new StreamPump(
            provider, provider.Home(subscription.Stream), subscription, provider._delivery.MaxEventDeliveryTime),
        this);
}
