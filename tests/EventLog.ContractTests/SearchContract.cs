using System.Text.Encodings.Web;
using System.Text.Json;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>Full text: which documents a search finds, and that it finds them as they are now.</summary>
public abstract class SearchContract : ViewContract
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("chair", "ac")]
    [InlineData("CHAIR red", "a")]
    [InlineData("paid chair", "c")]
    [InlineData("chair, (red)", "a")]
    [InlineData("cha", "ac")]
    [InlineData("hair", "")]
    [InlineData("chairs", "")]
    [InlineData("100%", "b")]
    [InlineData("10", "b")]
    [InlineData("wool_rug", "b")]
    [InlineData("rug wool red open", "b")]
    [InlineData("  ", "abcde")]
    [InlineData("%_*\"'", "abcde")]
    [InlineData("chair \" OR *", "")]
    public async Task A_search_wants_every_word_to_begin_a_word_of_some_searchable_field(string search, string expected)
    {
        await FillSome();
        await Finds(search, expected);
    }

    [Theory]
    [InlineData("Crème brûlée", "creme BRULEE")]
    [InlineData("creme brulee", "CRE\u0300ME BRU\u0302LE\u0301E")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("ΌΔΟΣ", "οδός")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Київ", "КИЇВ")]
    [InlineData("ﬁne ２０２６", "Fine 2026")]
    [InlineData("한국어", "\u1112\u1161\u11ab국")]
    [InlineData("日本語の本", "本語")]
    [InlineData("עִבְרִית", "עברית")]
    [InlineData("𝒜𝓁𝓅𝒽𝒶", "alpha")]
    [InlineData("x² ½", "2 1")]
    [InlineData("𐐔𐐯𐑅", "𐐼𐐯")]
    [InlineData("smörgåsbord", "SMORG")]
    public async Task Capitals_accents_and_compatibility_forms_do_not_count(string text, string search)
    {
        await Fill(Noted("x", text), Noted("y", "zzz"));
        await Finds(search, "x");
        await Finds(search + " zzz", "");
    }

    [Theory]
    [InlineData("'); DROP TABLE events; --", "drop TABLE")]
    [InlineData("a\" OR \"b", "or b")]
    [InlineData("NEAR(one two) ^three -four {five}:six", "near one two three four five six")]
    [InlineData("AND OR NOT", "not and")]
    [InlineData("one\0two", "two one")]
    [InlineData("one\u001atwo", "two")]
    [InlineData("back\\slash %percent_under", "slash percent under")]
    [InlineData("🐙 octopus", "🐙 oct")]
    [InlineData("col:val :* & ! <-> |", "col val")]
    public async Task Hostile_text_is_only_text(string text, string search)
    {
        await Fill(Noted("x", text), Noted("y", "zzz"));
        await Finds(search, "x");
        await Finds(text, "x");
    }

    [Fact]
    public async Task Half_a_character_in_a_document_separates_words()
    {
        await Fill(Put("x", """{"note":"one\ud800two \\ud800three \ud83d\udc19"}"""));

        await Finds("two one", "x");
        await Finds("ud800three", "x");
        await Finds("ud800two", "");
    }

    [Fact]
    public async Task A_document_is_found_by_what_it_holds_now()
    {
        await Fill(Noted("x", "red chair"), Noted("y", "red lamp"));
        await Commit(10, Noted("x", "blue chair"), new DocumentChange.Delete(Orders, "y"));

        await Finds("red", "");
        await Finds("lamp", "");
        await Finds("blue", "x");
        await Finds("chair", "x");

        await Commit(11, Put("x", """{"status":"blue","total":7}"""), Noted("y", "lamp"), Noted("y", "red table"));
        await Finds("chair", "");
        await Finds("blue", "x");
        await Finds("red", "y");
        await Finds("lamp", "");

        await Commit(12, Put("x", """{"note":5}"""), new DocumentChange.Delete(Orders, "z"));
        await Finds("blue", "");
        await Finds("5", "");
    }

    [Fact]
    public async Task A_commit_that_loses_the_race_leaves_no_words()
    {
        await Fill(Noted("x", "red"));

        (await Views.Commit(new(Orders.StoreName, 0, 3, 4), [Noted("x", "blue"), Noted("y", "blue")])).ShouldBeFalse();

        await Finds("blue", "");
        await Finds("red", "x");
    }

    [Fact]
    public async Task Any_search_of_500_characters_is_answered_and_longer_ones_are_refused()
    {
        var words = Enumerable.Range(0, 250).Select(n => ((char)('一' + n)).ToString()).ToList();
        var deep = string.Join(' ', Enumerable.Range(0, 125).Select(n => $"w{n % 10}{(char)('a' + (n % 26))}"));
        await Fill(Noted("x", string.Concat(words)), Noted("y", deep), Noted("z", new string('z', 5_000)));

        await Finds(string.Join(' ', words)[..499], "x");
        await Finds(deep, "y");
        await Finds(new string('z', 500), "z");
        await Finds(new string('%', 500), "xyz");
        await Should.ThrowAsync<ArgumentException>(async () => await Views.Query(Orders, new ViewQuery { Search = new string('a', 501) }));
        await Should.ThrowAsync<ArgumentException>(async () => await Views.Query(Orders, new ViewQuery { Search = "a\ud800" }));
    }

    [Fact]
    public async Task A_document_may_hold_more_text_than_is_searched()
    {
        var text = string.Join(' ', Enumerable.Range(0, 200_000).Select(n => $"word{n}"));
        await Fill(Noted("x", text));

        await Finds("word0 word777", "x");
        (await Views.Find(Orders, "x"))!.Json.Length.ShouldBeGreaterThan(text.Length);
    }

    [Fact]
    public async Task A_search_goes_with_conditions_order_and_pages()
    {
        await FillSome();
        var query = new ViewQuery
        {
            Search = "chair", Conditions = [new(IsOpen, Comparison.Equal, true)], Sort = Total, Descending = true, Limit = 1,
        };

        var first = await Views.Query(Orders, query);
        var second = await Views.Query(Orders, query with { Cursor = first.Next });

        Ids(first).Concat(Ids(second)).ShouldBe(["c", "a"]);
        (first.Total, second.Total, second.Next).ShouldBe((2, 2, null));
    }

    [Fact]
    public async Task Nothing_is_found_in_a_view_without_searchable_fields()
    {
        var plain = new ViewSchema("plain", 1, [new ViewField("note", ViewFieldKind.Text)]);
        await Views.Define(plain);
        await Views.Commit(new("plain", 0, 0, 1), [new DocumentChange.Put(plain, "x", """{"note":"red"}"""u8.ToArray())]);

        (await Views.Query(plain, new ViewQuery { Search = "red" })).Total.ShouldBe(0);
        (await Views.Query(plain, new ViewQuery { Search = "-" })).Total.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_declared_searchable_later_is_found_in_documents_that_are_there()
    {
        await Fill([.. Enumerable.Range(0, 1_200).Select(n => Put($"d{n:0000}", $$"""{"note":"chair {{n}}","title":"Lamp {{n}}"}"""))]);
        var more = new ViewSchema(
            Orders.Name, 1, [Unsearched, Status, Total, IsOpen, At, new ViewField("title", ViewFieldKind.Text, Searchable: true)]);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Views.Define(more)));

        (await Views.Query(more, new ViewQuery { Search = "lamp" })).Total.ShouldBe(1_200);
        (await Views.Query(more, new ViewQuery { Search = "lamp 777" })).Items.ShouldHaveSingleItem().Id.ShouldBe("d0777");
        (await Views.Query(more, new ViewQuery { Search = "chair" })).Total.ShouldBe(0);
        await Store.Restart();
        await Views.Define(Orders);
        (await Views.Query(Orders, new ViewQuery { Search = "chair 777" })).Total.ShouldBe(1);
        (await Views.Query(Orders, new ViewQuery { Search = "lamp" })).Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_views_name_may_hold_quotes_and_spaces()
    {
        var odd = new ViewSchema("odd view's", 1, [new ViewField("it's a.field[0]", ViewFieldKind.Text, Searchable: true)]);
        await Views.Define(odd);
        await Views.Commit(new("odd", 0, 0, 1), [new DocumentChange.Put(odd, "x", """{"it's a.field[0]":"yes"}"""u8.ToArray())]);

        (await Views.Query(odd, new ViewQuery { Search = "YES" })).Items.ShouldHaveSingleItem();
    }

    private static readonly ViewField Unsearched = new("note", ViewFieldKind.Text);

    private static DocumentChange.Put Noted(string id, string note) =>
        new(Orders, id, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["note"] = note }, Unescaped));

    private async Task Commit(long from, params DocumentChange[] changes) =>
        (await Views.Commit(new(Orders.StoreName, 0, from, from + 1), changes)).ShouldBeTrue();

    private async Task Finds(string search, string expected) =>
        string.Concat(Ids(await Views.Query(Orders, new ViewQuery { Search = search, Limit = 1000 }))).ShouldBe(expected, search);
}
