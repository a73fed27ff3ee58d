namespace Loire.EventLog.Sqlite;

/// <summary>
/// Keeps the write-ahead log bounded, and lets commits wait for that as little as can be. Most pages are moved into the file
/// by a thread of its own, beside the writer. Once the log is long and little of it is left, the writer moves that itself, and
/// the log can start over: SQLite does so at a write that finds everything moved and nobody reading from the log. When the
/// disk or overlapping readers keep it from that until the log is too long, the writer waits for the pages, and holds
/// readers up for the moment that it takes.
/// </summary>
internal sealed class WalCheckpoints(SqliteStoreOptions options, ReaderPool readers) : IDisposable
{
    private const int PagesBetweenPasses = 4_000;

    // About 66 MB: the longer it is, the fewer pages are written twice.
    private const int LongLog = 16_000;

    // About 132 MB.
    private const int TooLongLog = 32_000;

    private const int Little = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CheckpointThread _beside = new(options.File);
    private WalPass _last = new(Written: 0, Length: 0, Moved: 0);
    private long _written;
    private long _askAgainAt;
    private long _tryAgainAt;

    private long Length => _last.Length + _written - _last.Written;

    private long Left => Length - _last.Moved;

    /// <summary>To be called by the writer after each commit, be it one that failed.</summary>
    public void Keep(WriterSession session)
    {
        if (!session.IsOpen)
        {
            return;
        }

        _written += session.Connection.TakePagesWritten();
        if (_beside.IsBusy && (Length < TooLongLog || !_beside.WaitUntilIdle(Patience)))
        {
            return;
        }

        _last = _beside.TakeLast() ?? _last;
        if (Length >= LongLog && (Left <= Little || Length >= TooLongLog) && _written >= _tryAgainAt)
        {
            MoveTheRest(session);
        }
        else if ((Left >= PagesBetweenPasses || (Length >= LongLog && Left > Little)) && _written >= _askAgainAt)
        {
            _askAgainAt = _written + Little;
            _beside.Begin(_written);
        }
    }

    public void Dispose() => _beside.Dispose();

    private void MoveTheRest(WriterSession session)
    {
        var tooLong = Length >= TooLongLog;
        _tryAgainAt = _written + Little;
        try
        {
            Learn(session.Connection.Checkpoint(restart: false));
            if (tooLong && !readers.RunAlone(() => Learn(session.Connection.Checkpoint(restart: true)), Patience))
            {
                _tryAgainAt = _written + LongLog;
            }
        }
        catch (SqliteError e) when (e.StoreFailed)
        {
            // The next commit meets the same trouble and reports it to somebody who waits.
            session.Discard();
        }
    }

    private void Learn(WalPass? pass)
    {
        if (pass is null)
        {
            _tryAgainAt = _written + LongLog;
        }
        else
        {
            _last = pass.IsWhole ? new WalPass(_written, Length: 0, Moved: 0) : pass with { Written = _written };
        }
    }
}
