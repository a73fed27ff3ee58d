using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class ReaderPoolTests : IAsyncDisposable
{
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private readonly SqliteUnderTest _store = SqliteUnderTest.Create();
    private readonly TaskCompletionSource _started = new();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_read_that_is_cancelled_ends()
    {
        await using var pool = new ReaderPool(_store.Options, _store.Time);
        using var cancel = new CancellationTokenSource();
        var read = pool.Read(Forever, cancel.Token);
        await _started.Task;

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => read);
        (await pool.Read(connection => connection.Number("SELECT 1"), CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task A_read_that_takes_too_long_ends()
    {
        await using var pool = new ReaderPool(_store.Options, _store.Time);
        var read = pool.Read(Forever, CancellationToken.None);
        await _started.Task;

        _store.Time.Advance(_store.Options.ReadTimeout + TimeSpan.FromTicks(1));

        await Should.ThrowAsync<StoreUnavailableException>(() => read);
    }

    [Fact]
    public async Task A_read_that_finds_no_connection_in_time_is_refused()
    {
        var options = _store.Options with { Readers = 1, ReadTimeout = TimeSpan.FromMilliseconds(20) };
        await using var pool = new ReaderPool(options, _store.Time);
        using var cancel = new CancellationTokenSource();
        var first = pool.Read(Forever, cancel.Token);
        await _started.Task;

        await Should.ThrowAsync<StoreUnavailableException>(() => pool.Read(_ => 1, CancellationToken.None));

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var pool = new ReaderPool(_store.Options, _store.Time);

        await Should.ThrowAsync<StoreUnavailableException>(
            () => pool.Read(connection => connection.Number("DELETE FROM fence"), CancellationToken.None));
    }

    private long? Forever(Connection connection)
    {
        _started.SetResult();
        return connection.Number(Endless);
    }
}
