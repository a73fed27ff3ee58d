using System.Collections.Immutable;
using Orleans.Streams;

namespace Loire.Engine;

/// <summary>Something for the observers of a stream.</summary>
internal abstract class StreamItem
{
    /// <summary>What the producer's call took along.</summary>
    public ImmutableDictionary<string, object>? Context { get; init; }

    /// <summary>The item as it is queued for one consumer.</summary>
    public virtual StreamItem ForConsumer() => this;

    /// <summary>Gives it to an <see cref="IAsyncObserver{T}"/> or a <see cref="BatchReceiver{T}"/>; again, when that has failed.</summary>
    public abstract Task Give(object observer);
}

/// <summary>Tells an observer of batches from one of items, as a class may be both.</summary>
internal sealed record BatchReceiver<T>(IAsyncBatchObserver<T> Observer);

internal sealed class SingleItem<T>(T item, StreamSequenceToken token) : StreamItem
{
    public override Task Give(object observer) => observer is BatchReceiver<T> batches
        ? batches.Observer.OnNextAsync([new SequentialItem<T>(item, token)])
        : ((IAsyncObserver<T>)observer).OnNextAsync(item, token);
}

/// <summary>Items that were published together. It goes on where an observer of items has failed.</summary>
internal sealed class ItemBatch<T>(IReadOnlyList<SequentialItem<T>> items) : StreamItem
{
    private int _given;

    public override StreamItem ForConsumer() => new ItemBatch<T>(items) { Context = Context };

    public override Task Give(object observer) => observer is BatchReceiver<T> batches
        ? batches.Observer.OnNextAsync([.. items])
        : GiveEach((IAsyncObserver<T>)observer);

    private async Task GiveEach(IAsyncObserver<T> observer)
    {
        // An attempt that has timed out may still run beside this one, so each goes through all that it has found to do.
        for (var i = _given; i < items.Count; i++)
        {
            await observer.OnNextAsync(items[i].Item, items[i].Token);
            _given = Math.Max(_given, i + 1);
        }
    }
}

/// <summary>The end of a stream, with the failure that ended it if there was one.</summary>
internal sealed class StreamEnd<T>(Exception? failure) : StreamItem
{
    public override Task Give(object observer) => (observer, failure) switch
    {
        (BatchReceiver<T> batches, null) => batches.Observer.OnCompletedAsync(),
        (BatchReceiver<T> batches, _) => batches.Observer.OnErrorAsync(failure),
        (_, null) => ((IAsyncObserver<T>)observer).OnCompletedAsync(),
        _ => ((IAsyncObserver<T>)observer).OnErrorAsync(failure),
    };
}
