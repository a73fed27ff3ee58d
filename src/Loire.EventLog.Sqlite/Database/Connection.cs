using SQLitePCL;

namespace Loire.EventLog.Sqlite;

/// <summary>One connection to the database file, used by one thread at a time. Keeps its prepared statements.</summary>
internal sealed class Connection : IDisposable
{
    private const int MaxStatements = 200;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = [];

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 handle) => _handle = handle;

    public static Connection OpenWriter(string file, long? maxPages)
    {
        var connection = Open(file, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        try
        {
            connection.Execute("PRAGMA busy_timeout = 1000");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA synchronous = FULL");
            // A checkpoint in a commit would let everybody wait who waits for that: see WalCheckpoints.
            connection.Execute("PRAGMA wal_autocheckpoint = 0");
            connection.Execute("PRAGMA journal_size_limit = 134217728");
            connection.Execute("PRAGMA cache_size = -65536");
            connection.Execute("PRAGMA temp_store = MEMORY");
            connection.Execute($"PRAGMA max_page_count = {maxPages ?? 1073741823}");
            return connection;
        }
        catch (SqliteError)
        {
            connection.Dispose();
            throw;
        }
    }

    public static Connection OpenReader(string file)
    {
        var connection = Open(file, raw.SQLITE_OPEN_READONLY);
        try
        {
            connection.Execute("PRAGMA busy_timeout = 1000");
            connection.Execute("PRAGMA cache_size = -16384");
            connection.Execute("PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch (SqliteError)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks now and then, while a statement runs, whether it is to be broken off.</summary>
    public void InterruptWhen(Func<bool> givenUp) =>
        raw.sqlite3_progress_handler(_handle, 10_000, _ => givenUp() ? 1 : 0, v: null);

    /// <summary>A statement ready for its parameters; dispose it to give it back.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            if (_statements.Count == MaxStatements)
            {
                ForgetStatements();
            }

            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
            statement = new Statement(this, prepared);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>The first column of the first row; <see langword="null"/> when there is no row or it holds NULL.</summary>
    public long? Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() && !statement.IsNull(0) ? statement.Int64(0) : null;
    }

    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>The row that the last INSERT made.</summary>
    public long LastRow => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Pages that it has added to the write-ahead log since it was last asked.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 1));
        return pages;
    }

    /// <summary>Moves pages from the write-ahead log into the file.</summary>
    /// <param name="restart">
    /// Waits until nobody reads from the log, at most for the busy timeout, so that the next write begins it anew. Otherwise
    /// nobody waits for anybody, and what is being read stays in it.
    /// </param>
    /// <returns><see langword="null"/> if it waited in vain.</returns>
    /// <exception cref="SqliteError">The file could not be written.</exception>
    public WalPass? Checkpoint(bool restart)
    {
        var mode = restart ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_PASSIVE;
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, null, mode, out var length, out var moved);
        if (code == raw.SQLITE_BUSY)
        {
            return null;
        }

        Check(code);
        return new WalPass(Written: 0, length, moved);
    }

    public SqliteError Error(int code) =>
        new(raw.sqlite3_extended_errcode(_handle) is var extended && (extended & 0xff) == (code & 0xff) ? extended : code,
            raw.sqlite3_errmsg(_handle).utf8_to_string());

    public void Dispose()
    {
        ForgetStatements();
        raw.sqlite3_close_v2(_handle);
    }

    private static Connection Open(string file, int flags)
    {
        var code = raw.sqlite3_open_v2(file, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        var connection = new Connection(handle);
        if (code != raw.SQLITE_OK)
        {
            var error = connection.Error(code);
            connection.Dispose();
            throw error;
        }

        return connection;
    }

    private void ForgetStatements()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Free();
        }

        _statements.Clear();
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }
}
