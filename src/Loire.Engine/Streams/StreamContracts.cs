using Orleans.Runtime;
using Orleans.Streams;

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
    public interface IAsyncStream<T> : IAsyncStream, IAsyncObservable<T>, IAsyncBatchProducer<T>
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
        public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

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

namespace Orleans.Providers.Streams.Common
{
    /// <summary>A place in a stream.</summary>
    [GenerateSerializer]
    public class EventSequenceToken(long sequenceNumber, int eventIndex) : StreamSequenceToken
    {
        public EventSequenceToken(long sequenceNumber)
            : this(sequenceNumber, eventIndex: 0)
        {
        }

        /// <inheritdoc />
        public override long SequenceNumber { get; protected set; } = sequenceNumber;

        /// <inheritdoc />
        public override int EventIndex { get; protected set; } = eventIndex;

        /// <inheritdoc />
        public override bool Equals(StreamSequenceToken? other) =>
            other is not null && SequenceNumber == other.SequenceNumber && EventIndex == other.EventIndex;

        /// <inheritdoc />
        public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

        /// <inheritdoc />
        public override int CompareTo(StreamSequenceToken? other)
        {
            ArgumentNullException.ThrowIfNull(other);
            var byNumber = SequenceNumber.CompareTo(other.SequenceNumber);
            return byNumber != 0 ? byNumber : EventIndex.CompareTo(other.EventIndex);
        }

        /// <inheritdoc />
        public override string ToString() => $"{SequenceNumber}:{EventIndex}";
    }
}
