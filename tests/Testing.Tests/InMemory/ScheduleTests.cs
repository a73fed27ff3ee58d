using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Testing.Tests.InMemory;

/// <summary>A store in memory under a schedule: a test decides when things happen, and whether their callers learn of it.</summary>
public sealed class ScheduleTests
{
    private readonly Gates _gates = new();
    private readonly InMemoryStorage _storage = new();

    [Fact]
    public void Without_a_schedule_everything_has_happened_when_the_call_returns()
    {
        var store = InMemoryStore.Open(_storage);
        var waiting = store.Log.WaitBeyond(0, CancellationToken.None);

        store.Log.Append(Append("a", 0)).IsCompletedSuccessfully.ShouldBeTrue();
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        store.Log.ReadAll(0, LogFilter.All, 10).IsCompletedSuccessfully.ShouldBeTrue();
        store.Views.Commit(new CheckpointMove("s", 0, 0, 1), []).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task An_append_takes_effect_when_the_schedule_lets_it()
    {
        await using var store = InMemoryStore.Open(_storage, schedule: _gates);
        var held = _gates.HoldBefore(StoreOperationKind.Append);

        var append = store.Log.Append(Append("a", 0));

        (append.IsCompleted, _storage.Head).ShouldBe((false, 0));
        held.SetResult();
        await append;
        _storage.Head.ShouldBe(1);
    }

    [Fact]
    public async Task Writes_that_wait_take_effect_in_the_order_in_which_they_were_started()
    {
        await using var store = InMemoryStore.Open(_storage, schedule: _gates);
        var held = _gates.HoldBefore(StoreOperationKind.Append);
        var first = store.Log.Append(Append("a", 0));
        var second = store.Log.Append(Append("a", 1));
        var third = store.Log.Append(Append("b", 0));

        held.SetResult();

        await Task.WhenAll(first, second, third);
        (await store.Log.ReadAll(0, LogFilter.All, 10)).Events.Select(e => e.Stream.ToString()).ShouldBe(["order/a", "order/a", "order/b"]);
    }

    [Fact]
    public async Task What_fails_before_it_takes_effect_has_not_happened_and_holds_nobody_up()
    {
        await using var store = InMemoryStore.Open(_storage, schedule: _gates);
        _gates.HoldBefore(StoreOperationKind.Append).SetException(new StoreUnavailableException("The disk is full."));

        await Should.ThrowAsync<StoreUnavailableException>(store.Log.Append(Append("a", 0)));

        _storage.Head.ShouldBe(0);
        (await store.Log.Append(Append("b", 0))).ShouldBeOfType<AppendResult.Appended>().Receipt.Position.ShouldBe(1);
    }

    [Fact]
    public async Task A_reply_can_be_lost()
    {
        await using var store = InMemoryStore.Open(_storage, schedule: _gates);
        _gates.HoldAfter(StoreOperationKind.Append).SetException(new StoreUnavailableException("The connection was cut.") { OutcomeUnknown = true });

        await Should.ThrowAsync<StoreUnavailableException>(store.Log.Append(Append("a", 0)));

        _storage.Head.ShouldBe(1);
    }

    [Fact]
    public async Task Stores_on_one_storage_see_what_the_others_append()
    {
        await using var one = InMemoryStore.Open(_storage);
        await using var other = InMemoryStore.Open(_storage);
        var waiting = other.Log.WaitBeyond(0, CancellationToken.None);

        await one.Log.Append(Append("a", 0));

        await waiting;
        other.Log.Head.ShouldBe(1);
        (await other.Log.Append(Append("a", 0))).ShouldBe(new AppendResult.Conflict(1));
    }

    [Fact]
    public async Task A_closed_store_says_so_and_leaves_the_data()
    {
        var store = InMemoryStore.Open(_storage);
        await store.Log.Append(Append("a", 0));
        var waiting = store.Log.WaitBeyond(1, CancellationToken.None);

        await store.DisposeAsync();

        await Should.ThrowAsync<StoreUnavailableException>(waiting);
        await Should.ThrowAsync<StoreUnavailableException>(store.Log.Append(Append("a", 1)));
        await Should.ThrowAsync<StoreUnavailableException>(store.Views.Checkpoint("s", 0));
        InMemoryStore.Open(_storage).Log.Head.ShouldBe(1);
    }

    [Fact]
    public async Task Documents_are_in_order_of_code_points_as_in_other_stores()
    {
        await using var store = InMemoryStore.Open(_storage);
        var view = new ViewSchema("v", 1, []);
        await store.Views.Define(view);
        string[] ids = ["\U0001F419", "\uFFEE", "b", "B", "ä", ""];
        await store.Views.Commit(new CheckpointMove("v@1", 0, 0, 1), [.. ids.Select(id => new DocumentChange.Put(view, id, "{}"u8.ToArray()))]);

        var page = await store.Views.Query(view, new ViewQuery());

        page.Items.Select(item => item.Id).ShouldBe(["", "B", "b", "ä", "\uFFEE", "\U0001F419"]);
    }

    private static AppendRequest Append(string id, long expected) => new(
        new StreamName("order", id),
        expected,
        [new NewEvent(Guid.NewGuid(), "order.placed", 1, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), "{}"u8.ToArray(), EventMetadata.None)]);

    /// <summary>Holds back the next operation of a kind until a test says what becomes of it.</summary>
    private sealed class Gates : IStoreSchedule
    {
        private readonly Dictionary<(StoreOperationKind Kind, bool After), TaskCompletionSource> _held = [];

        public TaskCompletionSource HoldBefore(StoreOperationKind kind) => _held[(kind, false)] = new TaskCompletionSource();

        public TaskCompletionSource HoldAfter(StoreOperationKind kind) => _held[(kind, true)] = new TaskCompletionSource();

        public ValueTask Before(StoreOperation operation, CancellationToken cancellation) => Pass((operation.Kind, false));

        public ValueTask After(StoreOperation operation, CancellationToken cancellation) => Pass((operation.Kind, true));

        private ValueTask Pass((StoreOperationKind Kind, bool After) point) =>
            _held.Remove(point, out var gate) ? new ValueTask(gate.Task) : ValueTask.CompletedTask;
    }
}
