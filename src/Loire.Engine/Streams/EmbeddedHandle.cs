using Orleans.Runtime;
using Orleans.Streams;

namespace Loire.Engine;

internal sealed class EmbeddedHandle<T>(EmbeddedStreamProvider provider, Subscription subscription) : StreamSubscriptionHandle<T>
{
    public override StreamId StreamId => subscription.Stream;

    public override string ProviderName => provider.Name;

    public override Guid HandleId => subscription.Id;

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Attach(observer, token);
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Attach(new BatchReceiver<T>(observer), token);
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

    private Task<StreamSubscriptionHandle<T>> Attach(object observer, StreamSequenceToken? token)
    {
        if (token is not null && !provider.IsRewindable)
        {
            throw new ArgumentException($"Streams of {provider.Name} keep no items, so none can be read from {token} on", nameof(token));
        }

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
}

internal sealed class HandleFactory(EmbeddedStreamProvider provider, Subscription subscription)
    : Orleans.Streams.Core.IStreamSubscriptionHandleFactory
{
    public StreamId StreamId => subscription.Stream;

    public string ProviderName => provider.Name;

    public GuidId SubscriptionId => GuidId.GetGuidId(subscription.Id);

    public StreamSubscriptionHandle<T> Create<T>() => new EmbeddedHandle<T>(provider, subscription);
}
