namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>What pages of the log cost while the server knows little of the table: nobody has looked at it since it was filled.</summary>
public sealed class ReadCostTests
{
    private const int PageSize = 100;
    private const int Pages = 50;

    [Fact(Timeout = 60_000)]
    public async Task A_page_does_not_cost_the_rest_of_the_log()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Server.Execute("ALTER TABLE loire.events SET (autovacuum_enabled = off)", store.Database);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(stream =>
            store.Log.MustAppend($"s-{stream}", 0, [.. Enumerable.Range(0, 1_000).Select(n => Sample.Event(n % 2 == 0 ? "even" : "odd"))])));
        var before = await Fetched(store);

        var read = 0;
        await using (var other = await store.OpenAnother())
        {
            var filter = new LogFilter { Types = ["even", "odd"] };
            for (var after = 0L; after < Pages * PageSize; read += PageSize)
            {
                after = (await other.Log.ReadAll(after, filter, PageSize)).Through;
            }
        }

        read.ShouldBe(Pages * PageSize);
        (await Fetched(store) - before).ShouldBeLessThan(10 * read);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(ReadDirection.Forwards, 1)]
    [InlineData(ReadDirection.Backwards, long.MaxValue)]
    public async Task A_page_of_a_stream_does_not_cost_the_rest_of_the_stream(ReadDirection direction, long from)
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Server.Execute("ALTER TABLE loire.events SET (autovacuum_enabled = off)", store.Database);
        for (var version = 0; version < 50_000; version += 1_000)
        {
            await store.Log.MustAppend("long", version, Sample.Events(1_000));
        }

        var before = await Fetched(store);

        var read = 0;
        await using (var other = await store.OpenAnother())
        {
            for (long? next = from; read < Pages * PageSize; read += PageSize)
            {
                next = (await other.Log.ReadStream(Sample.Order("long"), next!.Value, PageSize, direction)).Next;
            }
        }

        (await Fetched(store) - before).ShouldBeLessThan(10 * read);
    }

    // Connections that have ended have said all that they did.
    private static async Task<long> Fetched(PostgreSqlUnderTest store)
    {
        await store.Close();
        while (await store.Server.Ask<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", store.Database) > 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return await store.Server.Ask<long>(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'events'", store.Database);
    }
}
