namespace Loire.EventLog.Sqlite;

/// <summary>
/// What the writer knows while its connection is good: the head and the ends of streams, uncommitted changes included.
/// After any failure all of it is forgotten, and read anew from the file.
/// </summary>
internal sealed class WriterSession(SqliteStoreOptions options, TimeProvider time, HeadSignal head) : IDisposable
{
    private Connection? _connection;

    public StreamTails Tails { get; } = new(options.StreamTails);

    /// <summary>The position of the last event, this transaction's included.</summary>
    public long Head { get; set; }

    /// <summary>The time, in microseconds since 1970.</summary>
    public long Now => Microseconds.From(time.GetUtcNow());

    /// <summary>Whether there is a connection, and it has not failed.</summary>
    public bool IsOpen => _connection is not null;

    /// <summary>The writer's connection, opened if need be.</summary>
    /// <exception cref="SqliteError">The file cannot be opened.</exception>
    public Connection Connection => _connection ?? Open();

    public void Begin() => Connection.Execute("BEGIN IMMEDIATE");

    public void Commit()
    {
        options.Faults.BeforeCommit?.Invoke();
        Connection.Execute("COMMIT");
        options.Faults.AfterCommit?.Invoke();
        head.Raise(Head);
    }

    /// <summary>Closes the connection, which rolls back, and forgets what was known.</summary>
    public void Discard()
    {
        _connection?.Dispose();
        _connection = null;
        Tails.Clear();
    }

    /// <summary>
    /// Makes sure that a commit which failed half-way cannot come to life later, when the log is recovered: this commit
    /// takes its place in the write-ahead log.
    /// </summary>
    public void Fence() => Connection.Execute("UPDATE fence SET raised = raised + 1");

    public void Dispose() => _connection?.Dispose();

    /// <summary>Opens the file and reads where the log ends.</summary>
    /// <exception cref="SqliteError">The file cannot be opened.</exception>
    /// <exception cref="StoreFormatException">It is not one of ours.</exception>
    public Connection Open()
    {
        options.Faults.BeforeOpen?.Invoke();
        _connection = Connection.OpenWriter(options.File, options.Faults.MaxPages);
        Schema.Prepare(_connection, options.File);
        Head = _connection.Number("SELECT max(position) FROM events") ?? 0;
        head.Raise(Head);
        return _connection;
    }
}
