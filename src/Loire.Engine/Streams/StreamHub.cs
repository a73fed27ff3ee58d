using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>The streams of one provider, in the host or in all silos of its cluster.</summary>
internal sealed class StreamHub
{
    private readonly ConcurrentDictionary<StreamId, ImmutableList<Subscription>> _explicit = new();
    private long _sequence;

    public ConcurrentDictionary<Subscription, StreamPump> Pumps { get; } = new();

    public static StreamHub Of(EngineRuntime runtime, string provider) =>
        runtime.Cluster?.Share((typeof(StreamHub), provider), static () => new StreamHub()) ?? new StreamHub();

    public long NextSequenceNumber() => Interlocked.Increment(ref _sequence);

    public ImmutableList<Subscription> SubscribedTo(StreamId stream) => _explicit.GetValueOrDefault(stream) ?? [];

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
}
