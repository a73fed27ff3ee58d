using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Loire.Engine;

internal sealed class EmbeddedStream<T>(EmbeddedStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    public bool IsRewindable => provider.IsRewindable;

    public string ProviderName => provider.Name;

    public StreamId StreamId => streamId;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => provider.Publish(
        streamId,
        new SingleItem<T>(item, token ?? new EventSequenceToken(provider.NextSequenceNumber())) { Context = RequestContext.Current });

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        var number = token?.SequenceNumber ?? provider.NextSequenceNumber();
        SequentialItem<T>[] items =
            [.. batch.Select((item, index) => new SequentialItem<T>(item, new EventSequenceToken(number, index)))];
        return items.Length == 0
            ? Task.CompletedTask
            : provider.Publish(streamId, new ItemBatch<T>(items) { Context = RequestContext.Current });
    }

    public Task OnCompletedAsync() => End(failure: null);

    public Task OnErrorAsync(Exception ex) => End(ex);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => SubscribeAsync(observer, token: null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(
        IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) =>
        Subscribe(handle => handle.ResumeAsync(observer, token));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) => SubscribeAsync(observer, token: null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token) =>
        Subscribe(handle => handle.ResumeAsync(observer, token));

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles() =>
        Task.FromResult<IList<StreamSubscriptionHandle<T>>>(
            [.. provider.SubscriptionsOf(streamId, RuntimeContext.Current?.GrainId ?? default)
                .Select(s => new EmbeddedHandle<T>(provider, s))]);

    public bool Equals(IAsyncStream<T>? other) =>
        other is not null && streamId == other.StreamId && string.Equals(ProviderName, other.ProviderName, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => HashCode.Combine(streamId, ProviderName);

    public int CompareTo(IAsyncStream<T>? other)
    {
        var byProvider = string.CompareOrdinal(ProviderName, other?.ProviderName);
        return byProvider != 0 || other is null ? byProvider : streamId.CompareTo(other.StreamId);
    }

    private async Task<StreamSubscriptionHandle<T>> Subscribe(
        Func<EmbeddedHandle<T>, Task<StreamSubscriptionHandle<T>>> resume)
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
        var handle = await resume(new EmbeddedHandle<T>(provider, subscription));
        if (ofAttributes is null)
        {
            provider.Subscribe(subscription);
        }

        return handle;
    }

    private Task End(Exception? failure) =>
        provider.Publish(streamId, new StreamEnd<T>(failure) { Context = RequestContext.Current });
}
