using System.Text;
using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Views that older builds have made: as tables of documents alone, with indexes over expressions.</summary>
public sealed class ViewMigrationTests
{
    private static readonly ViewSchema Notes = new(
        "notes",
        1,
        [
            new ViewField("note", ViewFieldKind.Text, Searchable: true, Indexed: true), new ViewField("total", ViewFieldKind.Number, Indexed: true),
            new ViewField("open", ViewFieldKind.Boolean),
        ]);

    // As schema version 4 made it.
    private const string Older =
        """
        CREATE TABLE loire."notes@1" (id text COLLATE "C" PRIMARY KEY, doc json NOT NULL);
        CREATE INDEX "notes@1:note:Text" ON loire."notes@1" ((left(loire.text_of(doc, 'note'), 400) COLLATE "C") NULLS FIRST, id);
        CREATE INDEX "notes@1:total:Number" ON loire."notes@1" (loire.number_of(doc, 'total') NULLS FIRST, id);
        INSERT INTO loire."notes@1"
            SELECT 'd' || lpad(n::text, 5, '0'), json_build_object('note', 'Brûlée ' || n, 'total', n / 2.0, 'open', n % 2 = 0)
            FROM generate_series(1, 5000) n;
        INSERT INTO loire.checkpoints VALUES ('notes@1', 0, 5000, gen_random_uuid());
        """;

    [Fact]
    public async Task A_view_of_an_older_build_keeps_its_documents_and_can_be_asked_for_everything()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Close();
        await store.Server.Execute(
            $"DROP TABLE loire.views; DROP FUNCTION loire.expect_shape; DELETE FROM loire.migrations WHERE version > 4; {Older}", store.Database);
        await store.Restart();

        await using var another = await store.OpenAnother();
        await Task.WhenAll(store.Views.Define(Notes), another.Views.Define(Notes));

        await Holds(store.Views, total: 5000);
        (await store.Views.Commit(new("notes@1", 0, 5000, 5001), [Put("d00777", """{"note":"lamp"}""")])).ShouldBeTrue();
        (await Found(store.Views, "brul 777")).ShouldBe(0);
        (await Found(store.Views, "lamp")).ShouldBe(1);
        (await store.Server.Ask<long>("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'notes@1:%:Number'", store.Database)).ShouldBe(0);
    }

    [Fact]
    public async Task An_older_build_that_is_still_there_can_write_no_document_without_its_words()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Views.Define(Notes);

        await Should.ThrowAsync<PostgresException>(() => store.Server.Execute(
            """INSERT INTO loire."notes@1" (id, doc) VALUES ('x', '{}') ON CONFLICT (id) DO UPDATE SET doc = excluded.doc""", store.Database));
    }

    [Fact]
    public async Task A_build_with_other_fields_can_write_nothing_until_it_defines_the_view_again()
    {
        await using var store = await PostgreSqlUnderTest.Create();
        await store.Views.Define(Notes);
        await using var newer = await store.OpenAnother();
        await newer.Views.Define(new ViewSchema("notes", 1, [.. Notes.Fields, new ViewField("at", ViewFieldKind.Time)]));

        var refused = await Should.ThrowAsync<StoreUnavailableException>(
            () => store.Views.Commit(new("notes@1", 0, 0, 1), [Put("x", """{"note":"lamp"}""")]));

        refused.Message.ShouldContain("another build");
        (await store.Views.Find(Notes, "x")).ShouldBeNull();
        (await store.Views.Checkpoint("notes@1", 0)).ShouldBe(0);
        await store.Views.Define(Notes);
        (await store.Views.Commit(new("notes@1", 0, 0, 1), [Put("x", """{"note":"lamp"}""")])).ShouldBeTrue();
    }

    private static DocumentChange.Put Put(string id, string json) => new(Notes, id, Encoding.UTF8.GetBytes(json));

    private static async Task<long> Found(IViewStore views, string search) =>
        (await views.Query(Notes, new ViewQuery { Search = search })).Total!.Value;

    private static async Task Holds(IViewStore views, long total)
    {
        (await Found(views, "BRULEE")).ShouldBe(total);
        (await views.Query(Notes, new ViewQuery { Search = "777" })).Items.ShouldHaveSingleItem().Id.ShouldBe("d00777");
        (await views.FindBy(Notes, "total", 388.5m)).ShouldHaveSingleItem().Id.ShouldBe("d00777");
        (await views.Query(Notes, new ViewQuery { Conditions = [new(Notes.Fields[2], Comparison.Equal, true)] })).Total.ShouldBe(total / 2);
        (await views.Query(Notes, new ViewQuery { Sort = Notes.Fields[1], Descending = true, Limit = 1 })).Items[0].Id.ShouldBe("d05000");
    }
}
