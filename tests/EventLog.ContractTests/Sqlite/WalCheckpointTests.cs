using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class WalCheckpointTests
{
    private const int MB = 1 << 20;

    private int _events;

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_while_readers_overlap()
    {
        await using var store = SqliteUnderTest.Create();
        using var enough = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Read(store, enough.Token))));

        await Write(store, 200);
        await enough.CancelAsync();

        (await reading).ShouldAllBe(reads => reads > 0);
        WalLength(store).ShouldBeLessThan(150 * MB);
        await ShouldHoldAll(store);
    }

    [Fact]
    public async Task What_somebody_reads_stays_in_the_write_ahead_log_until_it_has_been_read()
    {
        await using var store = SqliteUnderTest.Create();
        await Write(store, 1);
        using (var reader = Connection.OpenReader(store.Options.File))
        {
            reader.Execute("BEGIN");
            var before = reader.Number("SELECT count(*) FROM events");
            await Write(store, 100);
            reader.Number("SELECT count(*) FROM events").ShouldBe(before);
            reader.Execute("COMMIT");
        }

        var length = WalLength(store);
        length.ShouldBeGreaterThan(100 * MB);
        await Write(store, 100);

        WalLength(store).ShouldBeLessThan(length + (40 * MB));
        await ShouldHoldAll(store);
    }

    [Fact]
    public async Task A_store_that_is_closed_while_somebody_reads_is_one_file()
    {
        await using var store = SqliteUnderTest.Create();
        await Write(store, 10);
        var reads = Enumerable.Range(0, 20).Select(_ => store.Log.ReadAll(0, LogFilter.All, 40)).ToList();
        await Task.WhenAny(reads);

        await store.Close();

        File.Exists($"{store.Options.File}-wal").ShouldBeFalse();
        foreach (var read in reads.Where(read => read.IsFaulted))
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => read);
        }
    }

    private static long WalLength(SqliteUnderTest store) => new FileInfo($"{store.Options.File}-wal").Length;

    private static async Task<int> Read(SqliteUnderTest store, CancellationToken enough)
    {
        var reads = 0;
        for (; !enough.IsCancellationRequested; reads++)
        {
            await store.Log.ReadAll(Math.Max(0, store.Log.Head - 5), LogFilter.All, 5);
        }

        return reads;
    }

    private async Task Write(SqliteUnderTest store, int megabytes)
    {
        var data = "\"" + new string('x', MB / 4) + "\"";
        for (var n = 0; n < megabytes * 4; n++)
        {
            await store.Log.MustAppend($"s{_events++}", 0, Sample.Event(data: data));
        }
    }

    private async Task ShouldHoldAll(SqliteUnderTest store)
    {
        await store.Restart();
        store.Log.Head.ShouldBe(_events);
        for (var n = 0; n < _events; n++)
        {
            (await store.Log.Load(Sample.Order($"s{n}"))).Count.ShouldBe(1);
        }
    }
}
