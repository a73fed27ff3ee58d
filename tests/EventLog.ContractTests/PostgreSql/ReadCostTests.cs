using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>What pages cost while the server knows little of the table: nobody has looked at it since it was filled.</summary>
public sealed class ReadCostTests
{
    private const int PageSize = 100;
    private const int Pages = 50;

    private static readonly ViewField Status = new("status", ViewFieldKind.Text, Indexed: true);
    private static readonly ViewField Kind = new("kind", ViewFieldKind.Text);
    private static readonly ViewField At = new("at", ViewFieldKind.Time, Indexed: true);
    private static readonly ViewSchema Notes = new("notes", 1, [Status, Kind, At]);

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

    [Theory(Timeout = 60_000)]
    [InlineData("all")]
    [InlineData("of a value")]
    [InlineData("of a value and a range")]
    [InlineData("by a field")]
    public async Task A_page_of_a_view_does_not_cost_all_that_matches(string pages)
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Views.Define(Notes);
        await store.Server.Execute("ALTER TABLE loire.\"notes@1\" SET (autovacuum_enabled = off)", store.Database);
        foreach (var ids in Enumerable.Range(0, 12_000).Select(n => $"{(n % 2 == 0 ? 'a' : 'b')}{n:D5}").Chunk(1_000))
        {
            await store.Views.Commit(new CheckpointMove("notes@1", 0, 0, 0), [.. ids.Select(id =>
                new DocumentChange.Put(Notes, id, Encoding.UTF8.GetBytes($$"""{"status":"open","kind":"{{id[0]}}","at":"2{{id}}"}""")))]);
        }

        var before = await Fetched(store, "notes@1");

        var all = new ViewQuery { Limit = PageSize, CountTotal = false };
        var query = pages switch
        {
            "all" => all,
            "of a value" => all with { Conditions = [Is(Status, "open")] },
            "of a value and a range" => all with { Conditions = [Is(Status, "open"), Is(Kind, "b")], IdFrom = "b", IdTo = "c" },
            _ => all with { Conditions = [new(At, Comparison.Greater, "2"), new(At, Comparison.LessOrEqual, "3")], Sort = At },
        };
        var read = 0;
        await using (var other = await store.OpenAnother())
        {
            for (ViewPage? page = null; read < Pages * PageSize; read += PageSize)
            {
                page = await other.Views.Query(Notes, query with { Cursor = page?.Next });
                page.Items.Count.ShouldBe(PageSize);
            }
        }

        (await Fetched(store, "notes@1") - before).ShouldBeLessThan(3 * read);
    }

    private static ViewCondition Is(ViewField field, string value) => new(field, Comparison.Equal, value);

    // Connections that have ended have said all that they did.
    private static async Task<long> Fetched(PostgreSqlUnderTest store, string table = "events")
    {
        await store.Close();
        while (await store.Server.Ask<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", store.Database) > 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return await store.Server.Ask<long>(
            $"SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = '{table}'", store.Database);
    }
}
