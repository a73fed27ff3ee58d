using Loire.EventLog;

namespace Loire.Testing;

/// <summary>The log of a store in memory.</summary>
public sealed class InMemoryEventLog : IEventLog, ISnapshotStore
{
    private readonly InMemoryStorage storage;
    private readonly StoreTurns turns;
    private readonly HeadSignal head;
    private readonly TimeProvider time;

    internal InMemoryEventLog(InMemoryStorage storage, StoreTurns turns, HeadSignal head, TimeProvider time)
    {
        this.storage = storage;
        this.turns = turns;
        this.head = head;
        this.time = time;
    }

    /// <inheritdoc/>
    public long Head => head.Head;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Nothing was appended: a name or key is out of its range, a text holds an unpaired
    /// surrogate, or there are more than 64 MiB of events.</exception>
    public async Task<AppendResult> Append(AppendRequest request)
    {
        AppendCheck.Measure(request);
        return await turns.Write(
            StoreOperationKind.Append, request.Stream.ToString(), () => storage.Events.Append(request, time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public async Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Measure(key);
        return await turns.Read(
            StoreOperationKind.FindReceipt,
            stream.ToString(),
            () => storage.Events.FindReceipt(stream, key, time.GetUtcNow()),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordedEvent>> Load(
        StreamName stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        return await turns.Read(
            StoreOperationKind.Load, stream.ToString(), () => storage.Events.Stream(stream, afterVersion), cancellation);
    }

    /// <inheritdoc/>
    public async Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Shape(shape);
        return await turns.Read(
            StoreOperationKind.Load, stream.ToString(), () => storage.Snapshots.Load(stream, shape), cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> Save(Snapshot snapshot)
    {
        AppendCheck.Measure(snapshot);
        return await turns.Write(
            StoreOperationKind.SaveSnapshot, snapshot.Stream.ToString(), () => storage.Snapshots.Save(snapshot));
    }

    /// <inheritdoc/>
    public async Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await turns.Read(
            StoreOperationKind.ReadStream,
            stream.ToString(),
            () => direction == ReadDirection.Forwards ? Forwards(stream, from, limit) : Backwards(stream, from, limit),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        FilterCheck.Check(filter);
        return await turns.Read(StoreOperationKind.ReadAll, "", () => storage.Events.Page(after, filter, limit), cancellation);
    }

    /// <inheritdoc/>
    public Task WaitBeyond(long position, CancellationToken cancellation) => head.WaitBeyond(position, cancellation);

    private StreamPage Forwards(StreamName name, long from, int limit)
    {
        var version = storage.Events.Stream(name).Count;
        IReadOnlyList<RecordedEvent> events = [.. storage.Events.Stream(name, after: from - 1).Take(limit)];
        return new StreamPage(events, events.Count > 0 && events[^1].Version < version ? events[^1].Version + 1 : null, version);
    }

    private StreamPage Backwards(StreamName name, long from, int limit)
    {
        var stream = storage.Events.Stream(name);
        IReadOnlyList<RecordedEvent> events = [.. stream.Take((int)Math.Clamp(from, 0, stream.Count)).Reverse().Take(limit)];
        return new StreamPage(events, events.Count > 0 && events[^1].Version > 1 ? events[^1].Version - 1 : null, stream.Count);
    }
}
