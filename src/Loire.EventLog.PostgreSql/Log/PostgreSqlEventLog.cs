namespace Loire.EventLog.PostgreSql;

/// <summary>The log in a PostgreSQL database.</summary>
public sealed class PostgreSqlEventLog : IEventLog, ISnapshotStore
{
    private readonly WriteQueue<AppendItem> _queue;
    private readonly Database _database;
    private readonly HeadSignal _head;
    private readonly TimeProvider _time;

    internal PostgreSqlEventLog(WriteQueue<AppendItem> queue, Database database, HeadSignal head, TimeProvider time)
    {
        _queue = queue;
        _database = database;
        _head = head;
        _time = time;
    }

    /// <inheritdoc/>
    public long Head => _head.Head;

    /// <inheritdoc/>
    /// <remarks>
    /// When the reply to a commit is lost, the append is sent again until its fate is known: the same events are never
    /// appended twice.
    /// </remarks>
    /// <exception cref="ArgumentException">Nothing was appended: a name or key is out of its range, a text holds an unpaired
    /// surrogate, or there are more than 64 MiB of events.</exception>
    public Task<AppendResult> Append(AppendRequest request)
    {
        var item = new AppendItem(request, AppendCheck.Measure(request));
        _queue.Add(item);
        return item.Task;
    }

    /// <inheritdoc/>
    public Task<AppendResult?> FindReceipt(StreamName stream, IdempotencyKey key, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Measure(key);
        var now = _time.GetUtcNow();
        return _database.Read(connection => Receipts.Find(connection, stream, key, now, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordedEvent>> Load(
        StreamName stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        return await _database.Read(
            connection => EventStreamReader.After(connection, stream, afterVersion, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        AppendCheck.Shape(shape);
        return _database.Read(
            connection => EventStreamReader.FromSnapshot(connection, stream, shape, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> Save(Snapshot snapshot)
    {
        AppendCheck.Measure(snapshot);
        return _database.Write(connection => Snapshots.Save(connection, snapshot));
    }

    /// <inheritdoc/>
    public Task<StreamPage> ReadStream(
        StreamName stream, long from, int limit, ReadDirection direction, CancellationToken cancellation = default)
    {
        AppendCheck.Stream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _database.Read(
            connection => EventStreamReader.Page(connection, stream, from, limit, direction, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<LogPage> ReadAll(long after, LogFilter filter, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        FilterCheck.Check(filter);
        return _database.Read(connection => LogReader.Read(connection, after, filter, limit, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task WaitBeyond(long position, CancellationToken cancellation) => _head.WaitBeyond(position, cancellation);
}
