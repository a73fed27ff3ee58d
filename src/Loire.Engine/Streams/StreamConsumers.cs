using System.Collections.Concurrent;

namespace Loire.Engine;

/// <summary>The observers that one activation has attached to its subscriptions.</summary>
internal sealed class StreamConsumers
{
    private readonly ConcurrentDictionary<Subscription, object> _observers = new();
    private readonly HashSet<Subscription> _announced = [];

    public static StreamConsumers Of(Activation activation)
    {
        if (activation.GetComponent<StreamConsumers>() is not { } consumers)
        {
            consumers = new StreamConsumers();
            activation.SetComponent(consumers);
        }

        return consumers;
    }

    /// <summary>Whether the grain has not been told of the subscription yet.</summary>
    public bool IsNew(Subscription subscription) => _announced.Add(subscription);

    public void Attach(Subscription subscription, object observer) => _observers[subscription] = observer;

    public void Detach(Subscription subscription) => _observers.TryRemove(subscription, out _);

    public object? Find(Subscription subscription) => _observers.GetValueOrDefault(subscription);
}
