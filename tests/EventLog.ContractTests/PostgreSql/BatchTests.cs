namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Appends that share a commit: each fares as if it had come alone.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource _reached = new();
    private PostgreSqlUnderTest _store = null!;

    private IEventLog Log => _store.Log;

    public async ValueTask InitializeAsync() => _store = await PostgreSqlUnderTest.Create(options => options with { QueueLength = 20, QueueBytes = 100_000 });

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Each_has_its_own_outcome_in_order()
    {
        await KeepTheWriterBusy();
        var (first, second) = (Sample.Event(), Sample.Event());
        List<Task<AppendResult>> results =
        [
            Append("a", 0, [first]),
            Append("b", 1, [Sample.Event()]),
            Append("a", 1, [second], guard: first.EventId),
            Append("a", 2, [Sample.Event()], guard: first.EventId),
            Append("b", 0, Sample.Events(3), key: Sample.Key("k")),
            Append("a", 2, []),
            Append("b", 3, [Sample.Event()], key: Sample.Key("k")),
            Append("b", 3, [Sample.Event()], key: Sample.Key("k", fingerprint: 2)),
            Append("c", 5, [Sample.Event()], key: Sample.Key("k")),
            Append("c", 0, [Sample.Event()], key: Sample.Key("k")),
        ];
        _gate.SetResult();
        var got = await Task.WhenAll(results);

        got.Select(Describe).ShouldBe(
        [
            "appended 1 at 2", "conflict 0", "appended 2 at 3", "conflict 2", "appended 3 at 6", "appended 2 at 3",
            "replayed 3 at 6", "reused", "conflict 0", "appended 1 at 7",
        ]);
        ((AppendResult.Appended)got[6]).Receipt.Events.ShouldBe(((AppendResult.Appended)got[4]).Receipt.Events);
        (await Log.Everything()).Select(e => e.Position).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public async Task One_that_the_database_refuses_does_not_harm_the_others()
    {
        await _store.Server.Execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '22000'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON loire.events FOR EACH ROW WHEN (new.type = 'broken') EXECUTE FUNCTION refuse()
            """,
            _store.Database);
        await KeepTheWriterBusy();
        var (before, broken, after) = (
            Append("a", 0, [Sample.Event()]), Append("a", 1, [Sample.Event("broken")]), Append("a", 1, [Sample.Event()]));
        _gate.SetResult();

        await Should.ThrowAsync<InvalidOperationException>(() => broken);
        Describe(await before).ShouldBe("appended 1 at 2");
        Describe(await after).ShouldBe("appended 2 at 3");
    }

    [Fact]
    public async Task A_full_queue_refuses_and_keeps_what_it_took()
    {
        await KeepTheWriterBusy();
        var taken = Enumerable.Range(0, 20).Select(n => Log.Append($"s{n}", 0, Sample.Event())).ToList();

        await Should.ThrowAsync<StoreUnavailableException>(() => Log.Append("more", 0, Sample.Event()));

        _gate.SetResult();
        (await Task.WhenAll(taken)).ShouldAllBe(result => result is AppendResult.Appended);
        (await Log.Load(Sample.Order("more"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waited_too_long_is_refused_and_never_carried_out()
    {
        await KeepTheWriterBusy();
        var late = Log.Append("late", 0, Sample.Event());

        _store.Time.Advance(_store.Options.AppendTimeout * 1.2);

        (await Should.ThrowAsync<StoreUnavailableException>(() => late)).OutcomeUnknown.ShouldBeFalse();
        _gate.SetResult();
        await Log.MustAppend("next", 0, Sample.Event());
        (await Log.Load(Sample.Order("late"))).ShouldBeEmpty();
    }

    private async Task KeepTheWriterBusy()
    {
        _store.Faults.BeforeSending = () =>
        {
            _store.Faults.BeforeSending = () => Task.CompletedTask;
            _reached.SetResult();
            return _gate.Task;
        };
        _ = Log.Append("gate", 0, Sample.Event());
        await _reached.Task;
    }

    private Task<AppendResult> Append(
        string id, long expected, NewEvent[] events, IdempotencyKey? key = null, Guid? guard = null) =>
        Log.Append(new AppendRequest(Sample.Order(id), expected, events, key, guard));

    private static string Describe(AppendResult result) => result switch
    {
        AppendResult.Appended { Receipt: var r } appended => $"{(appended.Replayed ? "replayed" : "appended")} {r.Version} at {r.Position}",
        AppendResult.Conflict conflict => $"conflict {conflict.CurrentVersion}",
        _ => "reused",
    };
}
