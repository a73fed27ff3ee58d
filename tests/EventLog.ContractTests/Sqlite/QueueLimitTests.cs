namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class QueueLimitTests
{
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

        store.Time.Advance(store.Options.AppendTimeout * 1.2);

        (await Should.ThrowAsync<StoreUnavailableException>(() => late)).OutcomeUnknown.ShouldBeFalse();
        await Should.ThrowAsync<StoreUnavailableException>(() => lateView);
        gate.Open();
        await store.Log.MustAppend("next", 0, Sample.Event());
        (await store.Log.Load(Sample.Order("late"))).ShouldBeEmpty();
        (await store.Views.Checkpoint("s", 0)).ShouldBe(0);
    }
}
