namespace Loire.EventLog.ContractTests.Sqlite;

/// <summary>Keeps the writer busy with a commit of its own until it is opened.</summary>
internal sealed class WriterGate : IDisposable
{
    private readonly ManualResetEventSlim _opened = new();

    public WriterGate(SqliteUnderTest store)
    {
        using var reached = new ManualResetEventSlim();
        store.Faults.BeforeCommit = Fault.Once(() =>
        {
            reached.Set();
            _opened.Wait(TimeSpan.FromSeconds(30));
        });
        Busy = store.Log.Append("gate", 0, Sample.Event());
        reached.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    public Task Busy { get; }

    public void Open() => _opened.Set();

    public void Dispose() => _opened.Set();
}
