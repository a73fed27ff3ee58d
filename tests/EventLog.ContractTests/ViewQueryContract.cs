using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>Querying views: conditions, order, pages.</summary>
public abstract class ViewQueryContract : ViewContract
{
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_says_how_many_match_if_that_is_asked(bool asked)
    {
        await FillSome();
        var query = new ViewQuery { Conditions = [new(Status, Comparison.NotEqual, "open")], Limit = 2, CountTotal = asked };

        var first = await Views.Query(Orders, query);
        var last = await Views.Query(Orders, query with { Cursor = first.Next });

        Ids(first).ShouldBe(["c", "d"]);
        Ids(last).ShouldBe(["e"]);
        last.Next.ShouldBeNull();
        long? expected = asked ? 3 : null;
        new[] { first, last }.ShouldAllBe(page => page.Total == expected && page.Position == 10);
    }

    public static TheoryData<string?, string?, string> Ranges => new()
    {
        { "b", null, "bcde" }, { null, "c", "abc" }, { "b", "d", "bcd" }, { "bb", "cc", "c" }, { "c", "c", "c" }, { "d", "b", "" },
        { "", "", "" }, { "Z", "\u007f", "abcde" },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task A_range_of_ids_holds_for_pages_in_any_order(string? from, string? to, string expected)
    {
        await FillSome();
        foreach (var (sort, descending) in Enumerable.Zip<ViewField?, bool>([null, null, Total, Total], [false, true, false, true]))
        {
            var query = new ViewQuery { IdFrom = from, IdTo = to, Sort = sort, Descending = descending, Limit = 1 };
            List<string> ids = [];
            for (ViewPage? page = null; page is null || page.Next is not null;)
            {
                page = await Views.Query(Orders, query with { Cursor = page?.Next });
                ids.AddRange(Ids(page));
                page.Total.ShouldBe(expected.Length);
            }

            string whole = sort is null ? "abcde" : "edbac";
            ids.ShouldBe((descending ? whole.Reverse() : whole).Where(expected.Contains).Select(id => id.ToString()));
        }
    }

    [Fact]
    public async Task A_cursor_from_outside_of_a_range_of_ids_does_not_lead_out_of_it()
    {
        await FillSome();
        var cursor = (await Views.Query(Orders, new ViewQuery { Limit = 1 })).Next;
        var backwards = (await Views.Query(Orders, new ViewQuery { Limit = 1, Descending = true })).Next;

        Ids(await Views.Query(Orders, new ViewQuery { IdFrom = "c", Cursor = cursor })).ShouldBe(["c", "d", "e"]);
        Ids(await Views.Query(Orders, new ViewQuery { IdTo = "c", Cursor = backwards, Descending = true })).ShouldBe(["c", "b", "a"]);
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
    public async Task Text_is_compared_by_its_first_400_characters_and_no_cursor_is_long()
    {
        string[] ids = [.. "abcd".Select(letter => letter + new string('i', 199))];
        var fish = string.Concat(Enumerable.Repeat("🐙", 399));
        string[] texts = [$"{fish}xb", $"{fish}xa", $"{fish}w", fish + new string('x', 100_000)];
        await Fill([.. ids.Zip(texts, (id, text) => Put(id, $$"""{"status":"{{text}}"}"""))]);

        var query = new ViewQuery { Sort = Status, Limit = 1 };
        List<string> sorted = [];
        for (ViewPage? page = null; page is null || page.Next is not null;)
        {
            page = await Views.Query(Orders, query with { Cursor = page?.Next });
            sorted.AddRange(Ids(page));
            (page.Next?.Length ?? 0).ShouldBeLessThan(4096);
        }

        sorted.Select(id => id[0]).ShouldBe("cabd");
        (await Views.FindBy(Orders, "status", $"{fish}x and what follows")).Select(d => d.Id[0]).ShouldBe("abd");
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
            new() { IdFrom = "a\ud800" }, new() { IdTo = "\udc00" },
        ];
        foreach (var query in wrong)
        {
            await Should.ThrowAsync<ArgumentException>(async () => await Views.Query(Orders, query));
        }

        await Should.ThrowAsync<ArgumentException>(() => Views.FindBy(Orders, "nope", "x"));
    }
}
