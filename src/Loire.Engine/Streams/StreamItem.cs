using System.Collections.Immutable;
using Orleans.Streams;

namespace Loire.Engine;

/// <summary>Something for the observers of a stream.</summary>
internal abstract class StreamItem
{
    /// <summary>What the producer's call took along.</summary>
    public ImmutableDictionary<string, object>? Context { get; init; }

    public abstract Task Give(object observer);
}

internal sealed class StreamItem<T>(Func<IAsyncObserver<T>, Task> give) : StreamItem
{
    public override Task Give(object observer) => give((IAsyncObserver<T>)observer);
}
