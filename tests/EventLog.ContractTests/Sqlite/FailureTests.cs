using Loire.EventLog.Sqlite;
using SQLitePCL;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class FailureTests
{
    private static readonly SqliteError IoError = new(raw.SQLITE_IOERR, "disk I/O error");

    [Fact]
    public async Task When_the_disk_is_full_nothing_acknowledged_is_lost_and_nothing_is_doubled()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.MaxPages = 60;
        await store.Restart();
        List<Guid> acknowledged = [];
        List<NewEvent> refused = [];

        for (var n = 0; refused.Count < 10; n++)
        {
            var e = Sample.Event(data: "\"" + new string('x', 2000) + "\"");
            try
            {
                await store.Log.MustAppend($"s{n}", 0, e);
                acknowledged.Add(e.EventId);
            }
            catch (StoreUnavailableException unavailable)
            {
                unavailable.OutcomeUnknown.ShouldBeFalse();
                refused.Add(e);
            }
        }

        acknowledged.ShouldNotBeEmpty();
        (await store.Log.Everything()).Select(e => e.EventId).ShouldBe(acknowledged);

        store.Faults.MaxPages = null;
        foreach (var e in refused)
        {
            await store.Log.MustAppend($"again-{e.EventId}", 0, e);
        }

        await store.Restart();
        var all = await store.Log.Everything();
        all.Select(e => e.EventId).ShouldBe([.. acknowledged, .. refused.Select(e => e.EventId)]);
        all.Select(e => e.Position).ShouldBe(Enumerable.Range(1, all.Count).Select(n => (long)n));
    }

    [Fact]
    public async Task A_commit_that_failed_but_is_on_disk_is_acknowledged()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.AfterCommit = Once(() => throw IoError);

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
        store.Faults.AfterCommit = Once(() => throw IoError);

        var result = await store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key("k")));

        result.ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task A_view_commit_that_failed_but_is_on_disk_is_acknowledged()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.AfterCommit = Once(() => throw IoError);

        (await store.Views.Commit(new("s", 0, 0, 7), [])).ShouldBeTrue();
        (await store.Views.Checkpoint("s", 0)).ShouldBe(7);
    }

    [Fact]
    public async Task A_commit_that_failed_and_is_not_on_disk_is_refused_and_can_be_tried_again()
    {
        await using var store = SqliteUnderTest.Create();
        var e = Sample.Event();
        store.Faults.BeforeCommit = Once(() => throw IoError);

        var unavailable = await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.Append("a", 0, e));

        unavailable.OutcomeUnknown.ShouldBeFalse();
        store.Log.Head.ShouldBe(0);
        (await store.Log.MustAppend("a", 0, e)).Position.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_file_cannot_be_asked_the_outcome_is_unknown()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.BeforeCommit = Once(() =>
        {
            store.Faults.BeforeOpen = Once(() => throw new SqliteError(raw.SQLITE_CANTOPEN, "unable to open"));
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
        store.Faults.BeforeCommit = Once(() => throw IoError);
        gate.Open();

        foreach (var result in results)
        {
            await Should.ThrowAsync<StoreUnavailableException>(() => result);
        }

        (await store.Log.MustAppend("a", 0, Sample.Event())).Position.ShouldBe(2);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_keeps_what_it_took()
    {
        await using var store = SqliteUnderTest.Create(options => options with { QueueLength = 3 });
        using var gate = new WriterGate(store);
        var taken = Enumerable.Range(0, 3).Select(n => store.Log.Append($"s{n}", 0, Sample.Event())).ToList();

        await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.Append("more", 0, Sample.Event()));

        gate.Open();
        (await Task.WhenAll(taken)).ShouldAllBe(result => result is AppendResult.Appended);
        (await store.Log.Load(Sample.Order("more"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_bytes_are_refused()
    {
        await using var store = SqliteUnderTest.Create(options => options with { QueueBytes = 1000 });
        using var gate = new WriterGate(store);
        var large = store.Log.Append("large", 0, Sample.Event(data: new string('1', 5000)));

        await Should.ThrowAsync<StoreUnavailableException>(() => store.Log.Append("more", 0, Sample.Event()));

        gate.Open();
        (await large).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task What_waited_too_long_is_refused_and_never_carried_out()
    {
        await using var store = SqliteUnderTest.Create();
        using var gate = new WriterGate(store);
        var late = store.Log.Append("late", 0, Sample.Event());
        var lateView = store.Views.Commit(new("s", 0, 0, 1), []);

        store.Time.Advance(store.Options.AppendTimeout + TimeSpan.FromTicks(1));

        (await Should.ThrowAsync<StoreUnavailableException>(() => late)).OutcomeUnknown.ShouldBeFalse();
        await Should.ThrowAsync<StoreUnavailableException>(() => lateView);
        gate.Open();
        await store.Log.MustAppend("next", 0, Sample.Event());
        (await store.Log.Load(Sample.Order("late"))).ShouldBeEmpty();
        (await store.Views.Checkpoint("s", 0)).ShouldBe(0);
    }

    [Fact]
    public async Task Expired_receipts_are_removed_from_the_file()
    {
        await using var store = SqliteUnderTest.Create();
        var expiry = store.Time.GetUtcNow().AddSeconds(1);
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(n =>
            store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key($"k{n}", expires: expiry)))));
        await store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key("kept")));

        store.Time.Advance(TimeSpan.FromMinutes(1));
        for (var step = 0L; step < 3; step++)
        {
            // It comes after the purge that is in the queue.
            await store.Views.Commit(new("s", 0, step, step + 1), []);
        }

        await store.Close();

        using (var connection = Connection.OpenReader(store.Options.File))
        {
            connection.Number("SELECT count(*) FROM receipts").ShouldBe(1);
        }
    }

    private static Action Once(Action fault)
    {
        var left = 1;
        return () =>
        {
            if (Interlocked.Exchange(ref left, 0) == 1)
            {
                fault();
            }
        };
    }

    /// <summary>Keeps the writer busy with a commit of its own until it is opened.</summary>
    private sealed class WriterGate : IDisposable
    {
        private readonly ManualResetEventSlim opened = new();

        public WriterGate(SqliteUnderTest store)
        {
            using var reached = new ManualResetEventSlim();
            store.Faults.BeforeCommit = Once(() =>
            {
                reached.Set();
                opened.Wait(TimeSpan.FromSeconds(30));
            });
            Busy = store.Log.Append("gate", 0, Sample.Event());
            reached.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        }

        public Task Busy { get; }

        public void Open() => opened.Set();

        public void Dispose() => opened.Set();
    }
}
