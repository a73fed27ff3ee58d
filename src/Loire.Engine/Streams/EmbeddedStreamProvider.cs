using System.Collections.Concurrent;
using System.Collections.Immutable;
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
    private readonly ConcurrentDictionary<Subscription, StreamPump> _pumps = new();
    private readonly ConcurrentDictionary<StreamId, ImmutableList<Subscription>> _explicit = new();
    private long _sequence;

    public EmbeddedStreamProvider(
        string name, EngineRuntime runtime, StreamPubSubOptions pubSub, StreamPullingAgentOptions delivery)
    {
        Name = name;
        _runtime = runtime;
        _delivery = delivery;
        AllowsExplicit = pubSub.PubSubType != StreamPubSubType.ImplicitOnly;
        var classes = pubSub.PubSubType == StreamPubSubType.ExplicitGrainBasedOnly ? [] : runtime.Manifest.Classes;
        _implicit = classes
            .SelectMany(c => c.StreamNamespaces.Select(ns => (ns, c.GrainType)))
            .ToLookup(p => p.ns, p => p.GrainType, StringComparer.Ordinal);
    }

    public string Name { get; }

    public bool IsRewindable => false;

    public bool AllowsExplicit { get; }

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => ImmutableMessages.IsImmutable(typeof(T))
        ? new EmbeddedStream<T>(this, streamId)
        : throw new OrleansConfigurationException(
            $"Items of stream {streamId} are {typeof(T)}, which is not immutable: mark it [Immutable], or use Immutable<T>");

    public long NextSequenceNumber() => Interlocked.Increment(ref _sequence);

    /// <summary>Gives an item to every consumer's queue.</summary>
    public async Task Publish(StreamId stream, StreamItem item)
    {
        foreach (var subscription in Subscriptions(stream))
        {
            while (!await Pump(subscription).Write(item))
            {
                // That pump has just ended; the next one is new.
            }
        }
    }

    /// <summary>Gives an item to a consumer and waits until it has handled it.</summary>
    public Task Deliver(Subscription subscription, StreamItem item)
    {
        if (subscription.IsOfClient)
        {
            return item.Give(subscription.ClientObserver!);
        }

        var delivery = new StreamDelivery(this, subscription, item);
        _runtime.Stamp(delivery);
        delivery.Context = item.Context;
        _runtime.Deliver(subscription.Consumer, delivery);
        return delivery.Reply;
    }

    public void Subscribe(Subscription subscription) => _explicit.AddOrUpdate(
        subscription.Stream,
        static (_, added) => [added],
        static (_, all, added) => all.Add(added),
        subscription);

    public void Unsubscribe(Subscription subscription)
    {
        var rest = _explicit.AddOrUpdate(
            subscription.Stream,
            static (_, _) => [],
            static (_, all, removed) => all.Remove(removed),
            subscription);
        if (rest.IsEmpty)
        {
            _explicit.TryRemove(new KeyValuePair<StreamId, ImmutableList<Subscription>>(subscription.Stream, rest));
        }
    }

    public IEnumerable<Subscription> SubscriptionsOf(StreamId stream, GrainId consumer) =>
        Subscriptions(stream).Where(s => s.Consumer == consumer);

    public void Remove(StreamPump pump)
    {
        _pumps.TryRemove(new KeyValuePair<Subscription, StreamPump>(pump.Subscription, pump));
    }

    private IEnumerable<Subscription> Subscriptions(StreamId stream)
    {
        var ofAttributes = _implicit[stream.GetNamespace() ?? ""]
            .Select(type => new Subscription(stream, GrainId.Create(type, stream.GetKeyAsString()), ExplicitId: null));
        return _explicit.TryGetValue(stream, out var subscribed) ? ofAttributes.Concat(subscribed) : ofAttributes;
    }

    private StreamPump Pump(Subscription subscription) => _pumps.GetOrAdd(
        subscription,
        static (subscription, provider) =>
            new StreamPump(provider, provider._runtime, subscription, provider._delivery.MaxEventDeliveryTime),
        this);
}
