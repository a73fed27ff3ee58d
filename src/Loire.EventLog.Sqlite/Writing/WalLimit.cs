namespace Loire.EventLog.Sqlite;

/// <summary>
/// Keeps the write-ahead log bounded. SQLite starts it over only at a moment without readers; when readers overlap for
/// so long that it has become large, the writer waits for such a moment (at most its busy timeout).
/// </summary>
internal sealed class WalLimit(SqliteStoreOptions options)
{
    private const long Limit = 256 << 20;
    private const int CommitsBetweenLooks = 32;

    private readonly FileInfo _wal = new($"{options.File}-wal");
    private int _commits;

    public void Keep(WriterSession session)
    {
        if (++_commits % CommitsBetweenLooks != 0)
        {
            return;
        }

        _wal.Refresh();
        if (_wal.Exists && _wal.Length > Limit)
        {
            Truncate(session);
        }
    }

    private static void Truncate(WriterSession session)
    {
        try
        {
            session.Connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteError e) when (e.StoreFailed)
        {
            // The next commit meets the same trouble and reports it to somebody who waits.
            session.Discard();
        }
    }
}
