namespace Loire.EventLog.Sqlite;

/// <summary>The one thread that writes. It commits what waits, and while it does, the next batch gathers.</summary>
internal sealed class Writer
{
    private readonly WriteQueue<WriteItem> _queue;
    private readonly GroupCommit _commit;
    private readonly WalCheckpoints _checkpoints;
    private readonly WriterSession _session;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(WriteQueue<WriteItem> queue, WriterSession session, ReaderPool readers, SqliteStoreOptions options)
    {
        _queue = queue;
        _session = session;
        _commit = new GroupCommit(session);
        _checkpoints = new WalCheckpoints(options, readers);
    }

    /// <summary>Completes when the queue is closed and what was in it has been carried out.</summary>
    public Task Stopped => _stopped.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "Loire SQLite writer" }.Start();

    private void Run()
    {
        List<WriteItem> batch = [];
        while (_queue.Take(batch))
        {
            try
            {
                _commit.CarryOut(batch);
                _checkpoints.Keep(_session);
            }
            catch (Exception e)
            {
                // A defect: whoever waits is told (who was told before is not told again), and the writer goes on afresh.
                _session.Discard();
                batch.ForEach(item => item.Fail(new StoreUnavailableException("The writer failed.", e) { OutcomeUnknown = true }));
            }

            batch.Clear();
        }

        _checkpoints.Dispose();
        _session.Dispose();
        _stopped.SetResult();
    }
}
