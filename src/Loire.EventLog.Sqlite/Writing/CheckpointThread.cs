namespace Loire.EventLog.Sqlite;

/// <summary>Moves pages from the write-ahead log into the file, while the writer adds others to it.</summary>
/// <remarks>
/// It must not begin when all pages have been moved: the log could start over under it, which SQLite before 3.51.3 does not
/// notice (https://sqlite.org/wal.html#walresetbug). While pages are left, the log goes on.
/// </remarks>
internal sealed class CheckpointThread : IDisposable
{
    private readonly string _file;
    private readonly AutoResetEvent _wanted = new(initialState: false);
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private readonly Thread _thread;
    private Connection? _connection;
    private WalPass? _last;
    private long _written;
    private volatile bool _ended;

    public CheckpointThread(string file)
    {
        _file = file;
        _thread = new Thread(Run) { IsBackground = true, Name = "Loire SQLite checkpoints" };
        _thread.Start();
    }

    public bool IsBusy => !_idle.IsSet;

    /// <summary>Begins a pass. To be called while it is not busy and pages are left to move.</summary>
    /// <param name="written">Pages that the writer has written so far.</param>
    public void Begin(long written)
    {
        _written = written;
        _idle.Reset();
        _wanted.Set();
    }

    /// <returns>Whether the pass under way has ended within the time.</returns>
    public bool WaitUntilIdle(TimeSpan limit) => _idle.Wait(limit);

    /// <summary>What the pass has come to that has ended; <see langword="null"/> if it failed, or was asked for before.</summary>
    public WalPass? TakeLast()
    {
        var last = _last;
        _last = null;
        return last;
    }

    /// <summary>Waits for the pass that is under way.</summary>
    public void Dispose()
    {
        _ended = true;
        _wanted.Set();
        _thread.Join();
        _connection?.Dispose();
        _wanted.Dispose();
        _idle.Dispose();
    }

    private void Run()
    {
        while (_wanted.WaitOne() && !_ended)
        {
            try
            {
                _connection ??= Connection.OpenWriter(_file, maxPages: null);
                _last = _connection.Checkpoint(restart: false) is { } pass ? pass with { Written = _written } : null;
            }
            catch (SqliteError)
            {
                // The log keeps what is not in the file. If this goes on, it grows until the writer meets the trouble itself.
                _connection?.Dispose();
                _connection = null;
            }

            _idle.Set();
        }
    }
}
