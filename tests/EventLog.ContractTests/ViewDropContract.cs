using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>Removing views, and generations of one view beside each other.</summary>
public abstract class ViewDropContract : ViewContract
{
    private static readonly ViewSchema Second = Orders.InGeneration(2);

    [Fact]
    public async Task A_generation_has_documents_and_checkpoints_of_its_own()
    {
        await FillSome();
        await Views.Define(Second);

        (await Views.Query(Second, new ViewQuery())).Total.ShouldBe(0);
        (await Views.Checkpoint(Second.StoreName, 0)).ShouldBe(0);
        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(5);
        Second.StoreName.ShouldBe("orders@1.2");
    }

    [Fact]
    public async Task What_was_dropped_is_gone_with_its_checkpoints_and_nothing_else()
    {
        await FillSome();
        await Views.Define(Second);
        await Views.Commit(new(Second.StoreName, 0, 0, 7), [new DocumentChange.Put(Second, "a", "{}"u8.ToArray())]);
        await Views.Commit(new(Second.StoreName, 1, 0, 8) { Also = new($"{Second.StoreName}/changes", 1, 0, 3) }, []);
        string[] others = [$"{Second.StoreName}0", $"{Second.StoreName}.1/changes", $"{Orders.StoreName}/changes", "orders/changes"];
        foreach (var other in others)
        {
            await Views.Commit(new(other, 1, 0, 4), []);
        }

        await Views.Drop(Second);

        (await Views.Checkpoint(Second.StoreName, 0)).ShouldBe(0);
        (await Views.Checkpoint(Second.StoreName, 1)).ShouldBe(0);
        (await Views.Checkpoint($"{Second.StoreName}/changes", 1)).ShouldBe(0);
        (await Views.Checkpoint(Orders.StoreName, 0)).ShouldBe(10);
        foreach (var other in others)
        {
            (await Views.Checkpoint(other, 1)).ShouldBe(4, other);
        }

        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(5);
        await Should.ThrowAsync<InvalidOperationException>(async () =>
            await Views.Commit(new(Second.StoreName, 0, 0, 9), [new DocumentChange.Put(Second, "b", "{}"u8.ToArray())]));
    }

    [Fact]
    public async Task Dropping_twice_or_what_was_never_there_is_no_error()
    {
        await Views.Drop(Second);
        await Views.Define(Second);
        await Views.Drop(Second);
        await Views.Drop(Second);

        (await Views.Checkpoint(Second.StoreName, 0)).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_dropped_can_be_defined_again_and_is_empty()
    {
        await FillSome();
        await Views.Drop(Orders);
        await Views.Define(Orders);

        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(0);
        (await Views.Commit(new(Orders.StoreName, 0, 0, 3), [Put("a", """{"status":"open"}""")])).ShouldBeTrue();
        (await Views.FindBy(Orders, "status", "open")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_view_of_many_documents_is_dropped_whole()
    {
        await Views.Define(Orders);
        await Views.Commit(
            new(Orders.StoreName, 0, 0, 1), [.. Enumerable.Range(0, 5_000).Select(n => Put($"d{n}", """{"status":"open"}"""))]);

        await Views.Drop(Orders);
        await Views.Define(Orders);

        (await Views.Query(Orders, new ViewQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_cursor_leads_on_in_the_next_generation()
    {
        await FillSome();
        await Views.Define(Second);
        await Views.Commit(
            new(Second.StoreName, 0, 0, 10), [new DocumentChange.Put(Second, "a", "{}"u8.ToArray()), new DocumentChange.Put(Second, "c", "{}"u8.ToArray())]);
        var first = await Views.Query(Orders, new ViewQuery { Limit = 2 });

        Ids(await Views.Query(Second, new ViewQuery { Limit = 2, Cursor = first.Next })).ShouldBe(["c"]);
    }
}
