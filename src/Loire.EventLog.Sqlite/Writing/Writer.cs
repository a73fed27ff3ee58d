namespace Loire.EventLog.Sqlite;

/// <summary>The one thread that writes. It commits what waits, and while it does, the next batch gathers.</summary>
internal sealed class Writer
{
    private readonly WriteQueue<WriteItem> queue;
    private readonly GroupCommit commit;
    private readonly WalLimit walLimit;
    private readonly WriterSession session;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(WriteQueue<WriteItem> queue, WriterSession session, SqliteStoreOptions options)
    {
        this.queue = queue;
        this.session = session;
        commit = new GroupCommit(session);
        walLimit = new WalLimit(options);
    }

    /// <summary>Completes when the queue is closed and what was in it has been carried out.</summary>
    public Task Stopped => stopped.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "Loire SQLite writer" }.Start();

    private void Run()
    {
        List<WriteItem> batch = [];
        while (queue.Take(batch))
        {
            try
            {
                commit.CarryOut(batch);
                walLimit.Keep(session);
            }
            catch (Exception e)
            {
                // A defect: whoever waits is told (who was told before is not told again), and the writer goes on afresh.
                session.Discard();
                batch.ForEach(item => item.Fail(new StoreUnavailableException("The writer failed.", e) { OutcomeUnknown = true }));
            }

            batch.Clear();
        }

        session.Dispose();
        stopped.SetResult();
    }
}
