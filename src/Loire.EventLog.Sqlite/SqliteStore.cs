namespace Loire.EventLog.Sqlite;

/// <summary>
/// A store in one SQLite file: the log and the views. One process at a time. Acknowledged means on disk: write-ahead log,
/// <c>synchronous=FULL</c>. All writes go through one thread, which commits whatever waits in one transaction.
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly StoreLock _held;
    private readonly WriteQueue<WriteItem> _queue;
    private readonly ReaderPool _readers;
    private readonly Writer _writer;
    private readonly HeadSignal _head;
    private readonly ITimer _purge;
    private readonly TimeSpan _patience;
    private int _disposed;

    private SqliteStore(SqliteStoreOptions options, TimeProvider time, StoreLock held, HeadSignal head, WriterSession session)
    {
        _held = held;
        _head = head;
        _patience = options.AppendTimeout + options.AppendTimeout;
        _queue = new WriteQueue<WriteItem>(options.QueueLimits, time);
        _readers = new ReaderPool(options, time);
        _writer = new Writer(_queue, session, _readers, options);
        Log = new SqliteEventLog(_queue, _readers, head, time);
        Views = new SqliteViewStore(_queue, _readers);
        _purge = time.CreateTimer(_ => PurgeReceipts.Schedule(_queue), state: null, options.PurgeInterval, options.PurgeInterval);
        _writer.Start();
    }

    public SqliteEventLog Log { get; }

    public SqliteViewStore Views { get; }

    /// <summary>Opens the store, and creates it when it is not there.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="StoreInUseException">It is open elsewhere.</exception>
    /// <exception cref="StoreFormatException">The file is of another version, or no store.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be read or written.</exception>
    public static SqliteStore Open(SqliteStoreOptions options, TimeProvider? time = null)
    {
        options.Validate();
        time ??= TimeProvider.System;
        Directory.CreateDirectory(options.DataFolder);
        var taken = StoreLock.Take(options.File);
        var signal = new HeadSignal();
        var session = new WriterSession(options, time, signal);
        try
        {
            session.Open();
            return new SqliteStore(options, time, taken, signal, session);
        }
        catch (Exception e)
        {
            session.Dispose();
            taken.Dispose();
            if (e is SqliteError)
            {
                throw new StoreUnavailableException($"'{options.File}' cannot be opened. {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Carries out what has been accepted, then closes the file.</summary>
    /// <exception cref="TimeoutException">The disk did not finish in time; the file stays locked until it does.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _purge.DisposeAsync();
        _head.Close();

        // Before the writer, for the last connection to the file empties the write-ahead log into it, and removes it.
        await _readers.DisposeAsync();
        _queue.Close();
        await _writer.Stopped.WaitAsync(_patience);
        _held.Dispose();
    }
}
