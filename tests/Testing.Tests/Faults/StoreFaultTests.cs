using Commerce;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Values;
using Loire.Commands;
using Loire.EventLog;
using Loire.Sagas;
using Orleans.TestingHost;

namespace Loire.Testing.Tests.Faults;

public sealed class StoreFaultTests : IAsyncLifetime
{
    private readonly StoreFaults _faults = new();
    private LoireTestCluster _cluster = null!;

    public static TheoryData<StoreOperationKind, string, int, bool> CrashPoints
    {
        get
        {
            var points = new TheoryData<StoreOperationKind, string, int, bool>();
            foreach (var after in new[] { false, true })
            {
                // Started, and four steps, the last together with the end.
                for (var n = 0; n < 5; n++)
                {
                    points.Add(StoreOperationKind.Append, "order-fulfillment/o-1", n, after);
                }

                points.Add(StoreOperationKind.Append, "inventory/lamp", 0, after);
                points.Add(StoreOperationKind.Append, "payment/o-1", 0, after);
                points.Add(StoreOperationKind.Append, "shipment/o-1", 0, after);
                points.Add(StoreOperationKind.CommitView, "order-fulfillment-trigger", 0, after);
                points.Add(StoreOperationKind.CommitView, "sagas@3", 0, after);
                points.Add(StoreOperationKind.ReadAll, "", 0, after);
            }

            return points;
        }
    }

    public async ValueTask InitializeAsync() => _cluster = await LoireTestCluster.Start(
        loire => loire.AddCommerce(), new LoireTestClusterOptions { Faults = _faults, Limit = TimeSpan.FromMinutes(1) });

    public async ValueTask DisposeAsync()
    {
        _faults.Clear();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(CrashPoints))]
    public async Task A_saga_ends_well_wherever_its_silo_dies(StoreOperationKind kind, string target, int skipped, bool after)
    {
        await _cluster.Accepted("inventory", "lamp", new InventoryCommand.ReceiveStock(Quantity.Of(10)));
        await _cluster.Idle();
        var silo = _cluster.Cluster.Silos[0];
        var crash = (after ? _faults.After(kind, target) : _faults.Before(kind, target))
            .Skip(skipped).Kills(_cluster, silo);

        var placed = _cluster.AcceptedInTheEnd("order", "o-1", Lamp, key: "place");
        await crash.Happened.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await _cluster.Cluster.StartAdditionalSiloAsync();
        await placed;

        (await _cluster.SagaEnded("order-fulfillment", "o-1")).Status.ShouldBe(SagaStatus.Completed);
        await _cluster.Idle();
        (await _cluster.View<StockView>("inventory", "lamp")).ShouldBe(new StockView("lamp", 9, 1));
        (await _cluster.EventsOf("payment", "o-1")).ShouldHaveSingleItem();
        (await _cluster.EventsOf("shipment", "o-1")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_careful_client_goes_on_asking_while_no_grain_can_be_loaded()
    {
        var away = _faults.Before(StoreOperationKind.Load, "account/a-1").Times(3).Fails();

        await _cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Open("ada", Money.Of(1)), key: "k");

        await away.Happened.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        (await _cluster.EventsOf("account", "a-1")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_store_that_fails_before_it_appends_has_appended_nothing()
    {
        _faults.Before(StoreOperationKind.Append, "account/a-1").Fails();

        (await Open("k")).ShouldBeOfType<CommandResult.StoreUnavailable>();

        _cluster.StoredLog.Head.ShouldBe(0);
    }

    [Fact]
    public async Task A_command_whose_reply_was_lost_is_accepted_once_when_it_is_sent_again()
    {
        _faults.After(StoreOperationKind.Append, "account/a-1").Fails();

        (await Open("k")).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await Open("k")).ShouldBeOfType<CommandResult.Accepted>().Replayed.ShouldBeTrue();

        _cluster.StoredLog.Head.ShouldBe(1);
    }

    [Fact]
    public async Task A_fault_happens_as_often_as_it_is_told_and_to_nobody_else()
    {
        var fault = _faults.Before(StoreOperationKind.Append, "account/a-1").Times(2).Fails();

        await _cluster.Accepted("account", "a-2", new AccountCommand.Open("ada", Money.Of(1)));
        fault.Happened.IsCompleted.ShouldBeFalse();
        (await Open()).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await Open()).ShouldBeOfType<CommandResult.StoreUnavailable>();
        (await Open()).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Fact]
    public async Task What_is_held_waits_for_its_release()
    {
        var held = _faults.Before(StoreOperationKind.CommitView, "accounts@1").Holds();
        await Open();
        await held.Happened.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        (await _cluster.Views.Checkpoint("accounts@1", 0, TestContext.Current.CancellationToken)).ShouldBe(0);

        held.Release();

        await _cluster.Reached("accounts@1");
        (await _cluster.View<AccountView>("accounts", "a-1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_done_before_an_append_fails_holds_up_no_other_append()
    {
        var done = new TaskCompletionSource();
        var fault = _faults.Before(StoreOperationKind.Append, "account/a-1").Does(() => done.Task).Fails();
        var opening = Open("k");
        await fault.Happened.WaitAsync(_cluster.Limit, TestContext.Current.CancellationToken);

        await _cluster.Accepted("account", "a-2", new AccountCommand.Open("ada", Money.Of(1)));

        opening.IsCompleted.ShouldBeFalse();
        done.SetResult();
        (await opening).ShouldBeOfType<CommandResult.StoreUnavailable>();
        _cluster.StoredLog.Head.ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreOperationKind.Append, "account/a-1")]
    [InlineData(StoreOperationKind.Load, "account/a-1")]
    public async Task What_is_done_goes_on_when_the_silo_dies_that_met_the_fault(StoreOperationKind kind, string target)
    {
        var silo = _cluster.Cluster.Silos[0];
        var wentOn = new TaskCompletionSource();
        _faults.Before(kind, target).Does(async () =>
        {
            await _cluster.Cluster.KillSiloAsync(silo);
            await Task.Yield();
            await _cluster.Cluster.StartAdditionalSiloAsync();
            wentOn.SetResult();
        }).Fails();

        var opening = _cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Open("ada", Money.Of(1)), key: "k");

        await wentOn.Task.WaitAsync(_cluster.Limit, TestContext.Current.CancellationToken);
        await opening;
        _cluster.StoredLog.Head.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_held_goes_on_when_all_is_to_work_again()
    {
        var held = _faults.Before(StoreOperationKind.Append, "account/a-1").Holds();
        var opening = Open("k");
        await held.Happened.WaitAsync(_cluster.Limit, TestContext.Current.CancellationToken);

        _faults.Clear();

        (await opening).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Fact]
    public async Task What_a_fault_does_is_done_before_the_cluster_stops()
    {
        var faults = new StoreFaults();
        var cluster = await LoireTestCluster.Start(loire => loire.AddCommerce(), new LoireTestClusterOptions { Faults = faults });
        var mayStart = new TaskCompletionSource();
        InProcessSiloHandle? late = null;
        var fault = faults.After(StoreOperationKind.Append, "account/a-1").Does(async () =>
        {
            await mayStart.Task;
            late = await cluster.Cluster.StartAdditionalSiloAsync();
        });
        var opening = cluster.Send("account", "a-1", new AccountCommand.Open("ada", Money.Of(1)));
        await fault.Happened.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);

        var stopping = cluster.DisposeAsync();
        mayStart.SetResult();
        await stopping;

        late.ShouldNotBeNull().IsActive.ShouldBeFalse();
        (await opening).ShouldBeOfType<CommandResult.Accepted>();
    }

    [Fact]
    public async Task Appends_that_do_not_fail_keep_their_order_whatever_is_done_first()
    {
        var done = new TaskCompletionSource();
        var fault = _faults.Before(StoreOperationKind.Append, "account/a-1").Does(() => done.Task);
        var first = _cluster.Log.Append(Opened("a-1"));
        var second = _cluster.Log.Append(Opened("a-2"));
        fault.Happened.IsCompleted.ShouldBeTrue();
        _cluster.StoredLog.Head.ShouldBe(0);

        done.SetResult();

        (await first).ShouldBeOfType<AppendResult.Appended>().Receipt.Position.ShouldBe(1);
        (await second).ShouldBeOfType<AppendResult.Appended>().Receipt.Position.ShouldBe(2);
    }

    private static OrderCommand.Place Lamp => new("ada", [new OrderItem("lamp", Quantity.Of(1), Money.Of(5))], "card");

    private static AppendRequest Opened(string id) => new(
        new StreamName("account", id),
        0,
        [new NewEvent(Guid.NewGuid(), "account.noted", 1, DateTimeOffset.UnixEpoch, "{}"u8.ToArray(), EventMetadata.None)]);

    private Task<CommandResult> Open(string? key = null) =>
        _cluster.Send("account", "a-1", new AccountCommand.Open("ada", Money.Of(1)), key);
}
