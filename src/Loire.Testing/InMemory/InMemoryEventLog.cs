using Loire.EventLog;

namespace Loire.Testing;

/// <summary>The log of a store in memory.</summary>
public sealed class InMemoryEventLog : IEventLog, ISnapshotStore
{
    private readonly InMemoryStorage _storage;
    private readonly StoreTurns _turns;
    private readonly HeadSignal _head;
    private readonly TimeProvider _time;

    internal InMemoryEventLog(InMemoryStorage storage, StoreTurns turns, HeadSignal head, TimeProvider time)
    {
        _storage = storage;
        _turns = turns;
        _head = head;
        _time = time;
    }

    /// <inheritdoc/>
    public long Head => _head.Head;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Nothing was appended: a name or key is out of its range, a text holds an unpaired
    /// surrogate, or there are more than 64 MiB of events.</exception>
    public async Task<AppendResult> Append(AppendRequest request)
    {
        AppendCheck.Measure(request);
        return await _turns.Write(
            StoreOperationKind.Append, request.Stream.ToString(), () => _storage.Events.Append(request, _time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public async Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Measure(key);
        return await _turns.Read(
            StoreOperationKind.FindReceipt,
            stream.ToString(),
            () => _storage.Events.FindReceipt(stream, key, _time.GetUtcNow()),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordedEvent>> Load(
        StreamName stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        return await _turns.Read(
            StoreOperationKind.Load, stream.ToString(), () => _storage.Events.Stream(stream, afterVersion), cancellation);
    }

    /// <inheritdoc/>
    public async Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Shape(shape);
        return await _turns.Read(
            StoreOperationKind.Load, stream.ToString(), () => _storage.Snapshots.Load(stream, shape), cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> Save(Snapshot snapshot)
    {
        AppendCheck.Measure(snapshot);
        return await _turns.Write(
            StoreOperationKind.SaveSnapshot, snapshot.Stream.ToString(), () => _storage.Snapshots.Save(snapshot));
    }

    /// <inheritdoc/>
    public async Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await _turns.Read(
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
        return await _turns.Read(StoreOperationKind.ReadAll, "", () => _storage.Events.Page(after, filter, limit), cancellation);
    }

    /// <inheritdoc/>
    public Task WaitBeyond(long position, CancellationToken cancellation) => _head.WaitBeyond(position, cancellation);

    private StreamPage Forwards(StreamName name, long from, int limit)
    {
        var version = _storage.Events.Stream(name).Count;
        IReadOnlyList<RecordedEvent> events = [.. _storage.Events.Stream(name, after: from - 1).Take(limit)];
        return new StreamPage(events, events.Count > 0 && events[^1].Version < version ? events[^1].Version + 1 : null, version);
    }

    private StreamPage Backwards(StreamName name, long from, int limit)
    {
        var stream = _storage.Events.Stream(name);
        IReadOnlyList<RecordedEvent> events = [.. stream.Take((int)Math.Clamp(from, 0, stream.Count)).Reverse().Take(limit)];
        return new StreamPage(events, events.Count > 0 && events[^1].Version > 1 ? events[^1].Version - 1 : null, stream.Count);
    }
}
