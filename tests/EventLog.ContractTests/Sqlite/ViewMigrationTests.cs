using System.Globalization;
using System.Text;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests.Sqlite;

/// <summary>Views that older builds have made, when there was no index of words.</summary>
public sealed class ViewMigrationTests
{
    private static readonly ViewSchema Notes = new("notes", 1, [new ViewField("note", ViewFieldKind.Text, Searchable: true, Indexed: true)]);

    [Fact]
    public async Task A_view_of_an_older_build_can_be_searched()
    {
        await using var store = await OfAnOlderBuild(documents: 1_777);

        await store.Views.Define(Notes);

        (await Found(store.Views, "BRULEE")).ShouldBe(1_777);
        (await store.Views.FindBy(Notes, "note", "Brûlée 1777")).ShouldHaveSingleItem().Id.ShouldBe("d1777");
        (await Found(store.Views, "brul 1777")).ShouldBe(1);
        (await store.Views.Commit(new("notes@1", 0, 9, 10), [Put("d1777", "lamp"), new DocumentChange.Delete(Notes, "d1000")])).ShouldBeTrue();
        (await Found(store.Views, "BRULEE")).ShouldBe(1_775);
        (await Found(store.Views, "lamp")).ShouldBe(1);
    }

    [Fact]
    public async Task What_changes_while_words_are_made_is_found_as_it_is_then()
    {
        await using var store = await OfAnOlderBuild(documents: 2_000);

        var defining = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => store.Views.Define(Notes)));
        for (var n = 1000; n < 3000; n += 10)
        {
            DocumentChange change = n % 20 == 0 ? Put($"d{n}", "lamp") : new DocumentChange.Delete(Notes, $"d{n}");
            (await store.Views.Commit(new("notes@1", 0, n == 1000 ? 9 : n - 10, n), [change])).ShouldBeTrue();
        }

        await defining;
        (await Found(store.Views, "brulee")).ShouldBe(1_800);
        (await Found(store.Views, "lamp")).ShouldBe(100);
    }

    [Fact]
    public async Task Words_that_were_not_finished_when_the_process_ended_are_finished_by_the_next()
    {
        await using var store = await OfAnOlderBuild(documents: 1_200);
        await store.Close();
        using (var connection = Connection.OpenWriter(store.Options.File, maxPages: null))
        {
            foreach (var statement in SearchTable.Missing(connection, Notes))
            {
                connection.Execute(statement);
            }

            SearchTable.Fill(connection, Notes, after: "", limit: 500).ShouldBe("d1499");
        }

        await store.Restart();
        await store.Views.Define(Notes);

        (await Found(store.Views, "brulee")).ShouldBe(1_200);
    }

    // As schema version 2 made it.
    private static async Task<SqliteUnderTest> OfAnOlderBuild(int documents)
    {
        var store = SqliteUnderTest.Create();
        await store.Close();
        store.Execute("DROP TABLE searches");
        store.Execute("ALTER TABLE checkpoints DROP COLUMN move");
        store.Execute("CREATE TABLE \"view:notes@1\" (id TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID");
        store.Execute("ALTER TABLE \"view:notes@1\" ADD COLUMN \"f:note\" AS (json_extract(doc, '$.\"note\"')) VIRTUAL");
        store.Execute("CREATE INDEX \"index:notes@1:note\" ON \"view:notes@1\" (\"f:note\", id)");
        store.Execute("INSERT INTO checkpoints VALUES ('notes@1', 0, 9)");
        var last = (1000 + documents - 1).ToString(CultureInfo.InvariantCulture);
        store.Execute(
            $$"""
            WITH RECURSIVE n (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM n WHERE n < {{last}})
            INSERT INTO "view:notes@1" (id, doc) SELECT 'd' || n, '{"note":"Brûlée ' || n || '"}' FROM n
            """);
        store.Execute("PRAGMA user_version = 2");
        await store.Restart();
        return store;
    }

    private static DocumentChange.Put Put(string id, string note) =>
        new(Notes, id, Encoding.UTF8.GetBytes($$"""{"note":"{{note}}"}"""));

    private static async Task<long> Found(IViewStore views, string search) =>
        (await views.Query(Notes, new ViewQuery { Search = search })).Total!.Value;
}
