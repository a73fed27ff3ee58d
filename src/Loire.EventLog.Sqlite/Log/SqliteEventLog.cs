namespace Loire.EventLog.Sqlite;

/// <summary>The log in an SQLite file.</summary>
public sealed class SqliteEventLog : IEventLog, ISnapshotStore
{
    private readonly WriteQueue<WriteItem> _queue;
    private readonly ReaderPool _readers;
    private readonly HeadSignal _head;
    private readonly TimeProvider _time;

    internal SqliteEventLog(WriteQueue<WriteItem> queue, ReaderPool readers, HeadSignal head, TimeProvider time)
    {
        _queue = queue;
        _readers = readers;
        _head = head;
        _time = time;
    }

    /// <inheritdoc/>
    public long Head => _head.Head;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Nothing was appended: a name or key is out of its range, a text holds an unpaired
    /// surrogate, or there are more than 64 MiB of events.</exception>
    public Task<AppendResult> Append(AppendRequest request) =>
        new AppendItem(request, AppendCheck.Measure(request)).In(_queue);

    /// <inheritdoc/>
    public Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Measure(key);
        var now = Microseconds.From(_time.GetUtcNow());
        return _readers.ReadSnapshot(connection => ReceiptTable.Find(connection, stream, key, now), cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordedEvent>> Load(
        StreamName stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        return await _readers.Read(connection => EventStreamReader.After(connection, stream, afterVersion), cancellation);
    }

    /// <inheritdoc/>
    public Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Shape(shape);
        return _readers.ReadSnapshot(connection => EventStreamReader.FromSnapshot(connection, stream, shape), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> Save(Snapshot snapshot) => new SnapshotItem(snapshot, AppendCheck.Measure(snapshot)).In(_queue);

    /// <inheritdoc/>
    public Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _readers.ReadSnapshot(connection => EventStreamReader.Page(connection, stream, from, limit, direction), cancellation);
    }

    /// <inheritdoc/>
    public Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        FilterCheck.Check(filter);
        return _readers.ReadSnapshot(connection => LogReader.Read(connection, after, filter, limit), cancellation);
    }

    /// <inheritdoc/>
    public Task WaitBeyond(long position, CancellationToken cancellation) => _head.WaitBeyond(position, cancellation);
}
