using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>Changing views: documents and checkpoint in one.</summary>
public abstract class ViewCommitContract : ViewContract
{
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
    public async Task Checkpoints_that_move_together_move_both_or_not_at_all()
    {
        await FillSome();
        CheckpointMove both = new(Orders.StoreName, 0, 10, 11) { Also = new("turn", 0, 0, 1) };

        (await Views.Commit(both, [Put("a", """{"total":11}""")])).ShouldBeTrue();
        (await Views.Commit(both with { From = 11, To = 12 }, [Put("a", """{"total":12}""")])).ShouldBeFalse();
        (await Views.Commit(both with { Also = new("turn", 0, 1, 2) }, [Put("a", """{"total":13}""")])).ShouldBeFalse();

        (await Views.Checkpoint(Orders.StoreName, 0)).ShouldBe(11);
        (await Views.Checkpoint("turn", 0)).ShouldBe(1);
        (await Views.FindBy(Orders, "total", 11m)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Of_two_that_change_documents_where_a_checkpoint_stands_one_does_when_another_moves_with_it()
    {
        await Views.Define(Orders);

        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(() =>
            Views.Commit(new("s", 3, 0, 0) { Also = new("s/changes", 3, 0, 1) }, [Put($"d{n}", "{}")]))));

        won.Count(moved => moved).ShouldBe(1);
        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(1);
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
    public async Task A_stamp_is_another_after_every_commit_of_its_subscription_and_after_no_other()
    {
        (await Views.Stamp(Orders.StoreName)).ShouldBe("");
        HashSet<string> stamps = [""];
        async Task IsNew() => stamps.Add(await Views.Stamp(Orders.StoreName)).ShouldBeTrue();

        await FillSome();
        await IsNew();
        await Views.Commit(new(Orders.StoreName, 0, 10, 10), [Put("a", "{}")]);
        await IsNew();
        await Views.Commit(new(Orders.StoreName, 0, 10, 10), []);
        await IsNew();
        await Views.Commit(new(Orders.StoreName, 3, 0, 4), [Put("b", "{}")]);
        await IsNew();

        await Views.Commit(new(Orders.StoreName, 0, 7, 12), [Put("c", "{}")]);
        await Views.Commit(new("other", 0, 0, 1), []);
        await Store.Restart();
        stamps.ShouldContain(await Views.Stamp(Orders.StoreName));

        await Views.Drop(Orders);
        (await Views.Stamp(Orders.StoreName)).ShouldBe("");
        await FillSome();
        await IsNew();
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
