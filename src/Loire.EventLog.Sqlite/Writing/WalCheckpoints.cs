namespace Loire.EventLog.Sqlite;

/// <summary>
/// Keeps the write-ahead log bounded without making commits wait. Most pages are moved into the file by a thread of its own,
/// beside the writer. Once the log is long and little of it is left, the writer moves that itself, and the log can start over:
/// SQLite does so at a write that finds everything moved and nobody reading from the log. When readers overlap for so long
/// that the log becomes large, the writer waits for a moment without them (at most its busy timeout), now and then.
/// </summary>
internal sealed class WalCheckpoints : IDisposable
{
    private const int PagesBetweenPasses = 4_000;

    // About 66 MB: the longer it is, the fewer pages are written twice.
    private const int LongLog = 16_000;

    private const int Little = 1_000;
    private const long LargestFile = 128 << 20;

    private readonly FileInfo _wal;
    private readonly CheckpointThread _beside;
    private WalPass _last = new(Written: 0, Length: 0, Moved: 0);
    private long _written;
    private long _askAgainAt;
    private long _tryAgainAt;

    public WalCheckpoints(SqliteStoreOptions options)
    {
        _wal = new FileInfo($"{options.File}-wal");
        _beside = new CheckpointThread(options.File);
    }

    /// <summary>To be called by the writer after each commit, be it one that failed.</summary>
    public void Keep(WriterSession session)
    {
        if (!session.IsOpen)
        {
            return;
        }

        _written += session.Connection.TakePagesWritten();
        if (_beside.IsBusy)
        {
            return;
        }

        _last = _beside.TakeLast() ?? _last;
        var since = _written - _last.Written;
        var left = since + _last.Length - _last.Moved;
        var isLong = since + _last.Length >= LongLog;
        if (isLong && left <= Little && _written >= _tryAgainAt)
        {
            MoveTheRest(session);
        }
        else if ((left >= PagesBetweenPasses || (isLong && left > Little)) && _written >= _askAgainAt)
        {
            _askAgainAt = _written + Little;
            _beside.Begin(_written);
        }
    }

    public void Dispose() => _beside.Dispose();

    private void MoveTheRest(WriterSession session)
    {
        _wal.Refresh();
        var truncate = _wal.Exists && _wal.Length > LargestFile;
        try
        {
            var pass = session.Connection.Checkpoint(truncate);
            _tryAgainAt = _written + (pass is null && truncate ? LongLog : Little);
            _last = pass is null ? _last
                : pass.IsWhole ? new WalPass(_written, Length: 0, Moved: 0)
                : pass with { Written = _written };
        }
        catch (SqliteError e) when (e.StoreFailed)
        {
            // The next commit meets the same trouble and reports it to somebody who waits.
            session.Discard();
        }
    }
}
