using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>Views: changes and checkpoint in one, conditions, order, pages.</summary>
public abstract class ViewStoreContract : StoreContract
{
    private static readonly ViewField Status = new("status", ViewFieldKind.Text, Searchable: true, Indexed: true);
    private static readonly ViewField Note = new("note", ViewFieldKind.Text, Searchable: true);
    private static readonly ViewField Total = new("total", ViewFieldKind.Number, Indexed: true);
    private static readonly ViewField IsOpen = new("open", ViewFieldKind.Boolean);
    private static readonly ViewField At = new("at", ViewFieldKind.Time);
    private static readonly ViewSchema Orders = new("orders", 1, [Status, Note, Total, IsOpen, At]);

    private static DocumentChange.Put Put(string id, string json) => new(Orders, id, Encoding.UTF8.GetBytes(json));

    private static IEnumerable<string> Ids(ViewPage page) => page.Items.Select(item => item.Id);

    private async Task Fill(params DocumentChange[] changes)
    {
        await Views.Define(Orders);
        (await Views.Commit(new CheckpointMove(Orders.StoreName, 0, 0, 10), changes)).ShouldBeTrue();
    }

    private Task FillSome() => Fill(
        Put("a", """{"status":"open","note":"Red chair","total":10,"open":true,"at":"2030-01-01T00:00:00.000000Z"}"""),
        Put("b", """{"status":"open","note":"red 100% wool_rug","total":9.5,"open":false,"at":"2030-01-02T00:00:00.000000Z"}"""),
        Put("c", """{"status":"paid","note":"blue chair","total":100,"open":true,"at":"2030-01-03T00:00:00.000000Z"}"""),
        Put("d", """{"status":"paid","total":-1}"""),
        Put("e", """{"note":"nothing else"}"""));

    [Fact]
    public async Task A_document_is_found_as_it_was_put()
    {
        await FillSome();

        Encoding.UTF8.GetString((await Views.Find(Orders, "d"))!.Json.Span).ShouldBe("""{"status":"paid","total":-1}""");
        (await Views.Find(Orders, "z")).ShouldBeNull();
    }

    [Fact]
    public async Task A_document_can_be_replaced_and_deleted()
    {
        await FillSome();
        await Views.Commit(new(Orders.StoreName, 0, 10, 11), [Put("a", """{"total":11}"""), new DocumentChange.Delete(Orders, "b")]);

        Encoding.UTF8.GetString((await Views.Find(Orders, "a"))!.Json.Span).ShouldBe("""{"total":11}""");
        (await Views.Find(Orders, "b")).ShouldBeNull();
        (await Views.FindBy(Orders, "status", "open")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_commit_from_another_checkpoint_changes_nothing()
    {
        await FillSome();

        (await Views.Commit(new(Orders.StoreName, 0, 0, 12), [Put("a", """{"total":-5}"""), Put("new", "{}")])).ShouldBeFalse();

        (await Views.Checkpoint(Orders.StoreName, 0)).ShouldBe(10);
        (await Views.Find(Orders, "new")).ShouldBeNull();
        (await Views.FindBy(Orders, "total", 10m)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Of_two_commits_from_one_checkpoint_one_takes_effect()
    {
        await Views.Define(Orders);

        var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(n =>
            Task.Run(() => Views.Commit(new("s", 3, 0, 5), [Put($"d{n}", "{}")]))));

        won.Count(moved => moved).ShouldBe(1);
        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(1);
        (await Views.Checkpoint("s", 3)).ShouldBe(5);
        (await Views.Checkpoint("s", 2)).ShouldBe(0);
    }

    [Fact]
    public async Task A_commit_that_fails_moves_nothing_and_harms_no_other()
    {
        await FillSome();

        var broken = Views.Commit(new("broken", 0, 0, 1), [Put("x", "{}"), Put("y", "no json")]);
        var appends = Enumerable.Range(0, 20).Select(n => Log.MustAppend($"s{n}", 0, Sample.Event())).ToList();
        var sound = Views.Commit(new("sound", 0, 0, 1), [Put("z", "{}")]);

        await Should.ThrowAsync<InvalidOperationException>(() => broken);
        (await Task.WhenAll(appends)).Select(receipt => receipt.Position).Order()
            .ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        (await sound).ShouldBeTrue();
        (await Views.Checkpoint("broken", 0)).ShouldBe(0);
        (await Views.Find(Orders, "x")).ShouldBeNull();
        (await Views.Find(Orders, "z")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Views_and_checkpoints_outlive_a_restart()
    {
        await FillSome();
        await Store.Restart();
        await Views.Define(Orders);

        (await Views.Checkpoint(Orders.StoreName, 0)).ShouldBe(10);
        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(5);
    }

    [Fact]
    public async Task Another_version_is_another_empty_view()
    {
        await FillSome();
        var version2 = new ViewSchema("orders", 2, Orders.Fields);
        await Views.Define(version2);

        (await Views.Query(version2, new ViewQuery())).Total.ShouldBe(0);
        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(5);
    }

    [Fact]
    public async Task A_field_that_is_declared_later_can_be_queried()
    {
        await FillSome();
        var more = new ViewSchema("orders", 1, [.. Orders.Fields, new ViewField("extra", ViewFieldKind.Number, Indexed: true)]);
        await Views.Define(more);
        await Views.Commit(new("other", 0, 0, 1), [new DocumentChange.Put(more, "x", """{"extra":7}"""u8.ToArray())]);

        (await Views.FindBy(more, "extra", 7m)).ShouldHaveSingleItem().Id.ShouldBe("x");
    }

    public static TheoryData<string, Comparison, object, string> Conditions => new()
    {
        { "status", Comparison.Equal, "open", "ab" },
        { "status", Comparison.Equal, "' OR 1=1 --", "" },
        { "status", Comparison.NotEqual, "open", "cde" },
        { "status", Comparison.Greater, "open", "cd" },
        { "total", Comparison.Equal, 9.5m, "b" },
        { "total", Comparison.Greater, 9.5m, "ac" },
        { "total", Comparison.GreaterOrEqual, 9.5m, "abc" },
        { "total", Comparison.Less, 10m, "bd" },
        { "total", Comparison.LessOrEqual, 10.0m, "abd" },
        { "open", Comparison.Equal, true, "ac" },
        { "open", Comparison.NotEqual, true, "bde" },
        { "at", Comparison.GreaterOrEqual, "2030-01-02T00:00:00.000000Z", "bc" },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task A_condition_compares_by_the_kind_of_its_field(string field, Comparison comparison, object value, string expected)
    {
        await FillSome();

        var page = await Views.Query(Orders, new ViewQuery { Conditions = [new(Orders.Field(field)!, comparison, value)] });

        string.Concat(Ids(page)).ShouldBe(expected);
        page.Total.ShouldBe(expected.Length);
    }

    [Theory]
    [InlineData("chair", "ac")]
    [InlineData("CHAIR red", "a")]
    [InlineData("paid chair", "c")]
    [InlineData("100%", "b")]
    [InlineData("1%", "")]
    [InlineData("wool_", "b")]
    [InlineData("woo_", "")]
    [InlineData("  ", "abcde")]
    public async Task A_search_wants_every_word_in_some_searchable_field(string search, string expected)
    {
        await FillSome();
        string.Concat(Ids(await Views.Query(Orders, new ViewQuery { Search = search }))).ShouldBe(expected);
    }

    public static TheoryData<string?, bool, string> Sorts => new()
    {
        { null, false, "abcde" },
        { null, true, "edcba" },
        { "status", false, "eabcd" },
        { "status", true, "cdabe" },
        { "total", false, "edbac" },
        { "total", true, "cabde" },
    };

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Pages_of_any_size_give_every_document_once_and_in_order(string? field, bool descending, string expected)
    {
        await FillSome();
        for (var limit = 1; limit <= 6; limit++)
        {
            var query = new ViewQuery { Sort = field is null ? null : Orders.Field(field), Descending = descending, Limit = limit };
            List<string> ids = [];
            for (ViewPage? page = null; page is null || page.Next is not null;)
            {
                page = await Views.Query(Orders, query with { Cursor = page?.Next });
                ids.AddRange(Ids(page));
                page.Total.ShouldBe(5);
                page.Position.ShouldBe(10);
            }

            string.Concat(ids).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task A_cursor_of_another_order_or_view_or_no_cursor_at_all_is_refused()
    {
        await FillSome();
        var cursor = (await Views.Query(Orders, new ViewQuery { Sort = Total, Limit = 1 })).Next;

        ViewQuery[] foreign =
        [
            new() { Cursor = cursor }, new() { Cursor = cursor, Sort = Status }, new() { Cursor = cursor, Sort = Total, Descending = true },
            new() { Cursor = "?" }, new() { Cursor = "" }, new() { Cursor = "bnVsbA" }, new() { Cursor = "WzEsMl0" }, new() { Cursor = "e30" },
        ];
        foreach (var query in foreign)
        {
            await Should.ThrowAsync<InvalidCursorException>(async () => await Views.Query(Orders, query));
        }
    }

    [Fact]
    public async Task A_page_says_how_far_the_slowest_partition_has_come()
    {
        await FillSome();
        await Views.Commit(new(Orders.StoreName, 1, 0, 4), []);

        (await Views.Query(Orders, new ViewQuery())).Position.ShouldBe(4);
    }

    [Fact]
    public async Task Only_declared_fields_of_the_right_kind_can_be_asked_for()
    {
        await FillSome();
        var unknown = new ViewField("\"; DROP TABLE events; --", ViewFieldKind.Text);

        ViewQuery[] wrong =
        [
            new() { Conditions = [new(unknown, Comparison.Equal, "x")] }, new() { Sort = unknown },
            new() { Conditions = [new(Total, Comparison.Equal, "10")] }, new() { Limit = 0 }, new() { Limit = 1001 },
        ];
        foreach (var query in wrong)
        {
            await Should.ThrowAsync<ArgumentException>(async () => await Views.Query(Orders, query));
        }

        await Should.ThrowAsync<ArgumentException>(() => Views.FindBy(Orders, "nope", "x"));
    }

    [Theory]
    [InlineData("'; DROP TABLE events; --")]
    [InlineData("日本語 🐙")]
    [InlineData("nul\0after")]
    public async Task Hostile_ids_and_names_are_only_text(string text)
    {
        await Views.Define(Orders);
        (await Views.Commit(new(text, 0, 0, 1), [Put(text, "{}")])).ShouldBeTrue();

        (await Views.Checkpoint(text, 0)).ShouldBe(1);
        (await Views.Find(Orders, text))!.Id.ShouldBe(text);
        await Should.ThrowAsync<ArgumentException>(async () => await Views.Commit(new("s", 0, 0, 1), [Put("\ud800", "{}")]));
    }

    [Fact]
    public async Task A_fields_name_may_hold_quotes_and_spaces()
    {
        var odd = new ViewSchema("odd view's", 1, [new ViewField("it's a.field[0]", ViewFieldKind.Text, Indexed: true)]);
        await Views.Define(odd);
        await Views.Commit(new("odd", 0, 0, 1), [new DocumentChange.Put(odd, "x", """{"it's a.field[0]":"yes"}"""u8.ToArray())]);

        (await Views.FindBy(odd, "it's a.field[0]", "yes")).ShouldHaveSingleItem();
    }
}
