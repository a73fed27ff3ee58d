using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Loire.Engine;

internal sealed class EmbeddedStream<T>(EmbeddedStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => provider.Name;

    public StreamId StreamId => streamId;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        var place = token ?? new EventSequenceToken(provider.NextSequenceNumber());
        return Publish(observer => observer.OnNextAsync(item, place));
    }

    public async Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        var number = token?.SequenceNumber ?? provider.NextSequenceNumber();
        var index = 0;
        foreach (var item in batch)
        {
            await OnNextAsync(item, new EventSequenceToken(number, index++));
        }
    }

    public Task OnCompletedAsync() => Publish(static observer => observer.OnCompletedAsync());

    public Task OnErrorAsync(Exception ex) => Publish(observer => observer.OnErrorAsync(ex));

    public async Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        var consumer = RuntimeContext.Current?.GrainId ?? default;
        var ofAttributes = consumer.IsDefault
            ? null
            : provider.SubscriptionsOf(streamId, consumer).FirstOrDefault(s => s.ExplicitId is null);
        if (ofAttributes is null && !provider.AllowsExplicit)
        {
            throw new InvalidOperationException($"Streams of {provider.Name} are for grains that are subscribed by attributes");
        }

        var subscription = ofAttributes ?? new Subscription(streamId, consumer, Guid.NewGuid());
        var handle = await new EmbeddedHandle<T>(provider, subscription).ResumeAsync(observer);
        if (ofAttributes is null)
        {
            provider.Subscribe(subscription);
        }

        return handle;
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles() =>
        Task.FromResult<IList<StreamSubscriptionHandle<T>>>(
            [.. provider.SubscriptionsOf(streamId, RuntimeContext.Current?.GrainId ?? default)
                .Select(s => new EmbeddedHandle<T>(provider, s))]);

    private Task Publish(Func<IAsyncObserver<T>, Task> give) =>
        provider.Publish(streamId, new StreamItem<T>(give) { Context = RequestContext.Current });
}

internal sealed class EmbeddedHandle<T>(EmbeddedStreamProvider provider, Subscription subscription) : StreamSubscriptionHandle<T>
{
    public override StreamId StreamId => subscription.Stream;

    public override string ProviderName => provider.Name;

    public override Guid HandleId => subscription.Id;

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (RuntimeContext.Current is Activation activation)
        {
            StreamConsumers.Of(activation).Attach(subscription, observer);
        }
        else
        {
            subscription.ClientObserver = observer;
        }

        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }

    public override Task UnsubscribeAsync()
    {
        provider.Unsubscribe(subscription);
        if (RuntimeContext.Current is Activation activation)
        {
            StreamConsumers.Of(activation).Detach(subscription);
        }

        return Task.CompletedTask;
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && HandleId == other.HandleId;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => HandleId.GetHashCode();
}

internal sealed class HandleFactory(EmbeddedStreamProvider provider, Subscription subscription)
    : Orleans.Streams.Core.IStreamSubscriptionHandleFactory
{
    public StreamId StreamId => subscription.Stream;

    public string ProviderName => provider.Name;

    public GuidId SubscriptionId => GuidId.GetGuidId(subscription.Id);

    public StreamSubscriptionHandle<T> Create<T>() => new EmbeddedHandle<T>(provider, subscription);
}
