using Orleans.Streams.Core;

namespace Loire.Engine;

/// <summary>Gives an item to a grain, as a call of it.</summary>
internal sealed class StreamDelivery(EmbeddedStreamProvider provider, Subscription subscription, StreamItem item)
    : InternalRequest(interleaves: false)
{
    protected override async Task Call(object grain)
    {
        var consumers = StreamConsumers.Of(Target!);
        if (consumers.IsNew(subscription) && consumers.Find(subscription) is null && grain is IStreamSubscriptionObserver asked)
        {
            await asked.OnSubscribed(new HandleFactory(provider, subscription));
        }

        if (consumers.Find(subscription) is { } observer)
        {
            await item.Give(observer);
        }
        else
        {
            Target!.Runtime.Log.StreamItemDropped(subscription.Name, subscription.Stream);
        }
    }
}
