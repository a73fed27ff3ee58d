using System.Net;
using Commerce;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Testing.Tests.Examples;

/// <summary>The examples of docs/testing.md.</summary>
public sealed class PlatformExamples
{
    [Fact]
    public async Task An_order_takes_from_the_stock()
    {
        await using var cluster = await LoireTestCluster.Start(loire => loire.AddCommerce());
        await cluster.Given("inventory", "lamp", new InventoryEvent.StockReceived(Quantity.Of(10)));
        OrderItem item = new("lamp", Quantity.Of(3), Money.Of(10));

        await cluster.Accepted("order", "o-1", new OrderCommand.Place("ada", [item], "card"));

        var saga = await cluster.SagaEnded("order-fulfillment", "o-1");
        saga.Status.ShouldBe(SagaStatus.Completed);
        var stock = await cluster.View<StockView>("inventory", "lamp");
        stock.ShouldBe(new StockView("lamp", Available: 7, Reserved: 3));
    }

    [Fact]
    public async Task A_silo_that_dies_takes_nothing_with_it()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(),
            new LoireTestClusterOptions { Silos = 3, Store = TestStore.Sqlite() });
        await cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Open("ada", Money.Of(100)), key: "open");

        await cluster.Kill(cluster.Cluster.Silos[0]);

        await cluster.AcceptedInTheEnd("account", "a-1", new AccountCommand.Withdraw(Money.Of(30)), key: "withdraw");
        var account = await cluster.View<AccountView>("accounts", "a-1");
        account!.Balance.ShouldBe(70);
    }

    [Fact]
    public async Task An_order_whose_silo_dies_between_charging_and_saying_so()
    {
        var faults = new StoreFaults();
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(), new LoireTestClusterOptions { Faults = faults });
        await cluster.Given("inventory", "lamp", new InventoryEvent.StockReceived(Quantity.Of(10)));
        var silo = cluster.Cluster.Silos[0];
        var crash = faults.After(StoreOperationKind.Append, "payment/o-1").Kills(cluster, silo);

        OrderItem item = new("lamp", Quantity.Of(3), Money.Of(10));
        await cluster.Accepted("order", "o-1", new OrderCommand.Place("ada", [item], "card"));
        await crash.Happened;
        await cluster.Cluster.StartAdditionalSiloAsync();

        (await cluster.SagaEnded("order-fulfillment", "o-1")).Status.ShouldBe(SagaStatus.Completed);
        (await cluster.EventsOf("payment", "o-1")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_withdrawal_over_http()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(), new LoireTestClusterOptions { Gateway = true });
        var account = Specify.Http(cluster).Given("account", "a-1", new AccountEvent.Opened("ada", Money.Of(100)));

        var answer = await account.WhenPost("/api/account/a-1/withdraw", new { amount = 30 });

        answer.Then(HttpStatusCode.OK)
            .ThenHeader("ETag", "\"2\"")
            .ThenBody(new { id = "a-1", version = 2 })
            .ThenEvents("account", "a-1", new AccountEvent.Withdrawn(Money.Of(30)));
    }

    [Fact]
    public async Task Too_much_over_http()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(), new LoireTestClusterOptions { Gateway = true });

        var answer = await Specify.Http(cluster).WhenPost("/api/account/a-1/withdraw", new { amount = 30 });

        answer.ThenProblem("rejected", HttpStatusCode.Conflict).ThenBody(new { code = "not-open" }).ThenNoEvents();
    }

#if !ORLEANS
    [Fact]
    public async Task A_key_is_kept_for_a_day()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(), new LoireTestClusterOptions { Time = ManualTime.Running() });
        await cluster.Given("account", "a-1", new AccountEvent.Opened("ada", Money.Zero));
        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)), key: "k");

        cluster.Advance(TimeSpan.FromHours(25));

        await cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)), key: "k");
        (await cluster.EventsOf("account", "a-1")).Count.ShouldBe(3);
    }
#endif
}
