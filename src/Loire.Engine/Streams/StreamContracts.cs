using Orleans.Runtime;

namespace Orleans.Streams
{
    /// <summary>Where streams come from.</summary>
    public interface IStreamProvider
    {
        /// <summary>The name of the provider.</summary>
        string Name { get; }

        /// <summary>Whether a subscriber can go back in the stream.</summary>
        bool IsRewindable { get; }

        /// <summary>A stream. It costs nothing until it is used.</summary>
        IAsyncStream<T> GetStream<T>(StreamId streamId);
    }

    /// <summary>A stream.</summary>
    public interface IAsyncStream
    {
        /// <summary>Whether a subscriber can go back in the stream.</summary>
        bool IsRewindable { get; }

        /// <summary>The name of the provider.</summary>
        string ProviderName { get; }

        /// <summary>The identity of the stream.</summary>
        StreamId StreamId { get; }
    }

    /// <summary>A stream of items.</summary>
    public interface IAsyncStream<T> :
        IAsyncStream,
        IEquatable<IAsyncStream<T>>,
        IComparable<IAsyncStream<T>>,
        IAsyncObservable<T>,
        IAsyncBatchObservable<T>,
        IAsyncBatchProducer<T>
    {
        /// <summary>The subscriptions that the calling grain has to this stream.</summary>
        Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
    }

    /// <summary>Receives items.</summary>
    public interface IAsyncObserver<in T>
    {
        /// <summary>Receives the next item. If it throws, the item is delivered again for a while.</summary>
        Task OnNextAsync(T item, StreamSequenceToken? token = null);

        /// <summary>The stream has ended.</summary>
        Task OnCompletedAsync() => Task.CompletedTask;

        /// <summary>The stream has failed.</summary>
        Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }

    /// <summary>Receives items one at a time or many at once.</summary>
    public interface IAsyncBatchProducer<in T> : IAsyncObserver<T>
    {
        /// <summary>Receives the next items.</summary>
        Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
    }

    /// <summary>Can be subscribed to.</summary>
    public interface IAsyncObservable<T>
    {
        /// <summary>Subscribes.</summary>
        Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

        /// <summary>Subscribes from a place on, if the stream can go back; <paramref name="filterData"/> is for filters of a provider.</summary>
        /// <exception cref="ArgumentException">There is a token, and the stream cannot go back.</exception>
        Task<StreamSubscriptionHandle<T>> SubscribeAsync(
            IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
    }

    /// <summary>A place in a stream.</summary>
    public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken>, IComparable<StreamSequenceToken>
    {
        /// <summary>The place of the batch.</summary>
        public abstract long SequenceNumber { get; protected set; }

        /// <summary>The place in the batch.</summary>
        public abstract int EventIndex { get; protected set; }

        /// <inheritdoc />
        public abstract bool Equals(StreamSequenceToken? other);

        /// <inheritdoc />
        public abstract int CompareTo(StreamSequenceToken? other);
    }

    /// <summary>A subscription.</summary>
    public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>>
    {
        /// <summary>The stream.</summary>
        public abstract StreamId StreamId { get; }

        /// <summary>The name of the provider.</summary>
        public abstract string ProviderName { get; }

        /// <summary>The identity of the subscription.</summary>
        public abstract Guid HandleId { get; }

        /// <summary>Receives items from here on, in this activation.</summary>
        /// <exception cref="ArgumentException">There is a token, and the stream cannot go back.</exception>
        public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

        /// <inheritdoc cref="ResumeAsync(IAsyncObserver{T}, StreamSequenceToken?)"/>
        public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(
            IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null);

        /// <summary>Ends the subscription.</summary>
        public abstract Task UnsubscribeAsync();

        /// <inheritdoc />
        public abstract bool Equals(StreamSubscriptionHandle<T>? other);
    }
}

namespace Orleans.Streams.Core
{
    /// <summary>A grain that is told of its subscriptions before the first item.</summary>
    public interface IStreamSubscriptionObserver
    {
        /// <summary>There is a subscription; the grain resumes it.</summary>
        Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory);
    }

    /// <summary>A subscription whose type of item is not known.</summary>
    public interface IStreamSubscriptionHandleFactory
    {
        /// <summary>The stream.</summary>
        StreamId StreamId { get; }

        /// <summary>The name of the provider.</summary>
        string ProviderName { get; }

        /// <summary>The identity of the subscription.</summary>
        GuidId SubscriptionId { get; }

        /// <summary>The subscription to a stream of this type of item.</summary>
        StreamSubscriptionHandle<T> Create<T>();
    }
}
