using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class ReaderPoolTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SqliteUnderTest _store = SqliteUnderTest.Create();
    private readonly ReaderPool _pool;

    public ReaderPoolTests() => _pool = new ReaderPool(_store.Options with { Readers = 2 }, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Who_comes_to_read_waits_while_something_is_done_without_readers()
    {
        var acting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var enough = new ManualResetEventSlim();
        var done = Task.Run(() => _pool.RunAlone(
            () =>
            {
                acting.SetResult();
                enough.Wait(Limit).ShouldBeTrue();
            },
            Limit));

        await acting.Task.WaitAsync(Limit);
        var reads = Enumerable.Range(0, 5).Select(_ => Read()).ToArray();
        reads.ShouldAllBe(read => !read.IsCompleted);
        enough.Set();

        (await done).ShouldBeTrue();
        (await Task.WhenAll(reads)).ShouldAllBe(events => events == 0);
    }

    [Fact]
    public async Task Nothing_is_done_without_readers_while_one_takes_too_long_and_the_others_go_on()
    {
        using var enough = new ManualResetEventSlim();
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = _pool.Read(
            _ =>
            {
                reading.SetResult();
                return enough.Wait(Limit);
            },
            default);
        await reading.Task.WaitAsync(Limit);

        _pool.RunAlone(() => throw new InvalidOperationException("somebody reads"), TimeSpan.FromMilliseconds(20)).ShouldBeFalse();

        (await Read()).ShouldBe(0);
        enough.Set();
        (await slow).ShouldBeTrue();
        _pool.RunAlone(() => { }, Limit).ShouldBeTrue();
    }

    private Task<long?> Read() => _pool.Read(connection => connection.Number("SELECT count(*) FROM events"), default);
}
