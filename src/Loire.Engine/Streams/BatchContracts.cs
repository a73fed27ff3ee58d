namespace Orleans.Streams;

/// <summary>Receives items in the batches in which they were published.</summary>
public interface IAsyncBatchObserver<T>
{
    /// <summary>Receives the next batch. If it throws, the batch is delivered again for a while.</summary>
    Task OnNextAsync(IList<SequentialItem<T>> items);

    /// <summary>The stream has ended.</summary>
    Task OnCompletedAsync();

    /// <summary>The stream has failed.</summary>
    Task OnErrorAsync(Exception ex);
}

/// <summary>Can be subscribed to by an observer of batches.</summary>
public interface IAsyncBatchObservable<T>
{
    /// <summary>Subscribes.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer);

    /// <summary>Subscribes from a place on, if the stream can go back.</summary>
    /// <exception cref="ArgumentException">There is a token, and the stream cannot go back.</exception>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token);
}

/// <summary>An item and its place in the stream.</summary>
[GenerateSerializer]
public class SequentialItem<T>(T item, StreamSequenceToken token)
{
    /// <summary>The item.</summary>
    [Id(0)]
    public T Item { get; } = item;

    /// <summary>Its place.</summary>
    [Id(1)]
    public StreamSequenceToken Token { get; } = token;
}
