using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using SQLitePCL;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class CommitFailureTests
{
    private static readonly SqliteError IoError = new(raw.SQLITE_IOERR, "disk I/O error");

    [Fact]
    public async Task A_commit_that_failed_but_is_on_disk_is_acknowledged()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.AfterCommit = Fault.Once(() => throw IoError);

        var receipt = await store.Log.MustAppend("a", 0, Sample.Events(2));

        receipt.Position.ShouldBe(2);
        store.Log.Head.ShouldBe(2);
        (await store.Log.MustAppend("a", 2, Sample.Event())).Position.ShouldBe(3);
        (await store.Log.Everything()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_receipt_without_events_whose_commit_failed_but_is_on_disk_is_acknowledged()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.AfterCommit = Fault.Once(() => throw IoError);

        var result = await store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key("k")));

        result.ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task A_view_commit_that_failed_but_is_on_disk_is_acknowledged()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.AfterCommit = Fault.Once(() => throw IoError);

        (await store.Views.Commit(new("s", 0, 0, 7), [])).ShouldBeTrue();
        (await store.Views.Checkpoint("s", 0)).ShouldBe(7);
    }

    [Fact]
    public async Task A_commit_that_failed_and_is_not_on_disk_is_refused_and_can_be_tried_again()
    {
        await using var store = SqliteUnderTest.Create();
        var e = Sample.Event();
        store.Faults.BeforeCommit = Fault.Once(() => throw IoError);

        var unavailable = await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.Append("a", 0, e));

        unavailable.OutcomeUnknown.ShouldBeFalse();
        store.Log.Head.ShouldBe(0);
        (await store.Log.MustAppend("a", 0, e)).Position.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_file_cannot_be_asked_the_outcome_is_unknown()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.BeforeCommit = Fault.Once(() =>
        {
            store.Faults.BeforeOpen = Fault.Once(() => throw new SqliteError(raw.SQLITE_CANTOPEN, "unable to open"));
            throw IoError;
        });

        var unavailable = await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.Append("a", 0, Sample.Event()));

        unavailable.OutcomeUnknown.ShouldBeTrue();
        (await store.Log.MustAppend("a", 0, Sample.Event())).Position.ShouldBe(1);
    }

    [Fact]
    public async Task When_a_commit_fails_all_that_shared_it_are_told_even_those_that_only_conflicted()
    {
        await using var store = SqliteUnderTest.Create();
        using var gate = new WriterGate(store);
        var results = new[] { 0L, 0, 5 }.Select(expected => store.Log.Append("a", expected, Sample.Event())).ToList();
        store.Faults.BeforeCommit = Fault.Once(() => throw IoError);
        gate.Open();

        foreach (var result in results)
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => result);
        }

        (await store.Log.MustAppend("a", 0, Sample.Event())).Position.ShouldBe(2);
    }

    [Fact]
    public async Task A_view_whose_definition_was_not_committed_can_be_defined_again()
    {
        await using var store = SqliteUnderTest.Create();
        var view = new ViewSchema("orders", 1, [new ViewField("total", ViewFieldKind.Number, Indexed: true)]);
        var wider = new ViewSchema("orders", 1, [.. view.Fields, new ViewField("status", ViewFieldKind.Text)]);
        foreach (var schema in (ViewSchema[])[view, wider])
        {
            store.Faults.BeforeCommit = Fault.Once(() => throw IoError);
            await Should.ThrowAsync<StoreUnavailableException>(() => store.Views.Define(schema));
            await store.Views.Define(schema);
            await store.Views.Define(schema);
        }

        (await store.Views.FindBy(wider, "status", "open")).ShouldBeEmpty();
    }
}
