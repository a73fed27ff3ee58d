using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class ReaderPoolTests : IAsyncDisposable
{
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

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

    [Fact]
    public async Task Who_comes_to_read_waits_while_something_is_done_without_readers()
    {
        await using var pool = new ReaderPool(_store.Options, _store.Time);
        using var enough = new ManualResetEventSlim();
        var done = Task.Run(() => pool.RunAlone(
            () =>
            {
                _started.SetResult();
                enough.Wait(Limit).ShouldBeTrue();
            },
            Limit));
        await _started.Task;

        var reads = Enumerable.Range(0, 10).Select(n => pool.Read(_ => n, CancellationToken.None)).ToArray();
        reads.ShouldAllBe(read => !read.IsCompleted);
        enough.Set();

        (await done).ShouldBeTrue();
        (await Task.WhenAll(reads)).ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public async Task Nothing_is_done_without_readers_while_one_takes_too_long_and_the_others_go_on()
    {
        await using var pool = new ReaderPool(_store.Options, _store.Time);
        using var cancel = new CancellationTokenSource();
        var slow = pool.Read(Forever, cancel.Token);
        await _started.Task;

        pool.RunAlone(() => throw new InvalidOperationException("somebody reads"), TimeSpan.FromMilliseconds(20)).ShouldBeFalse();

        (await pool.Read(_ => 1, CancellationToken.None)).ShouldBe(1);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => slow);
        pool.RunAlone(() => { }, Limit).ShouldBeTrue();
    }

    private long? Forever(Connection connection)
    {
        _started.SetResult();
        return connection.Number(Endless);
    }
}
