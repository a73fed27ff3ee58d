namespace Loire.Testing;

/// <summary>
/// Decides when a store in memory does what it is asked for. Without one everything happens at once, on the caller's stack.
/// </summary>
public interface IStoreSchedule
{
    /// <summary>
    /// Awaited before an operation takes effect. What it throws, the caller gets, and nothing has happened. Writes of one
    /// store come here one after the other, in the order in which they were started.
    /// </summary>
    ValueTask Before(StoreOperation operation, CancellationToken cancellation);

    /// <summary>
    /// Awaited when an operation has taken effect and its caller does not know yet. What it throws, the caller gets instead
    /// of the answer: a lost reply.
    /// </summary>
    ValueTask After(StoreOperation operation, CancellationToken cancellation);
}

/// <summary>Something that a store is asked for.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">Of what: a stream, a view, a subscription; empty for the log as a whole.</param>
public sealed record StoreOperation(StoreOperationKind Kind, string Target);

public enum StoreOperationKind
{
    Append,
    FindReceipt,
    Load,
    ReadStream,
    ReadAll,
    Define,
    ReadCheckpoint,
    CommitView,
    FindDocument,
    FindDocumentsBy,
    QueryView,
    SaveSnapshot,
    Drop,
}
