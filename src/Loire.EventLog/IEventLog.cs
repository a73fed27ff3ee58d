namespace Loire.EventLog;

/// <summary>
/// One append-only, totally ordered log of events. Positions are gapless and in commit order, so <c>position &gt; cursor</c>
/// is exact. Every operation may throw <see cref="StoreUnavailableException"/>, within the store's time limits.
/// </summary>
public interface IEventLog
{
    /// <summary>The last committed position known to this process; 0 for an empty log.</summary>
    long Head { get; }

    /// <summary>
    /// Appends events to one stream. When the task completes with <see cref="AppendResult.Appended"/>, they are on disk.
    /// Appends that one caller starts one after the other are carried out in that order, without waiting for the
    /// first one's result; those that wait together share a commit, and each succeeds or fails on its own.
    /// </summary>
    Task<AppendResult> Append(AppendRequest request);

    /// <summary>The receipt kept for a key; <see langword="null"/> if there is none; <see cref="AppendResult.KeyReused"/> as for an append.</summary>
    Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default);

    /// <summary>Everything that is needed to go on with a stream after a version that is already known (0 for all of it).</summary>
    Task<IReadOnlyList<RecordedEvent>> Load(StreamName stream, long afterVersion = 0, CancellationToken cancellation = default);

    /// <summary>Reads a part of one stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="from">The first version to read, inclusive; <see cref="long.MaxValue"/> for the end when reading backwards.</param>
    /// <param name="limit">At most so many events, 1 or more.</param>
    /// <param name="direction">Which way to read.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default);

    /// <summary>Reads a part of the log: the events after a position that match, at most <paramref name="limit"/>.</summary>
    Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default);

    /// <summary>Completes when <see cref="Head"/> is beyond a position.</summary>
    Task WaitBeyond(long position, CancellationToken cancellation);
}
