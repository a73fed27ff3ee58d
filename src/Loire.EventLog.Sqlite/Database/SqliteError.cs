using SQLitePCL;

namespace Loire.EventLog.Sqlite;

/// <summary>SQLite refused something. <paramref name="code"/> is its extended result code.</summary>
internal sealed class SqliteError(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    private int Primary => code & 0xff;

    public bool IsInterrupt => Primary == raw.SQLITE_INTERRUPT;

    /// <summary>A commit that ends this way may have reached the disk all the same.</summary>
    public bool LeavesDoubt => Primary == raw.SQLITE_IOERR;

    /// <summary>The store as a whole cannot work, as opposed to one statement that is wrong.</summary>
    public bool StoreFailed => Primary is raw.SQLITE_PERM or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM
        or raw.SQLITE_READONLY or raw.SQLITE_INTERRUPT or raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_FULL
        or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL or raw.SQLITE_NOTADB;
}
