using System.Text.Json;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Products;
using Commerce.Users;
using Commerce.Values;
using Loire.Commands;
using Loire.EventLog;
using Loire.Sagas;

namespace Loire.Tests;

public sealed class SagaTests : IAsyncLifetime
{
    private LoireHost _loire = null!;

    public async ValueTask InitializeAsync() =>
        _loire = await LoireHost.Start(loire: l => l.AddSaga<WelcomeGiftGrain, WelcomeGift>());

    public ValueTask DisposeAsync() => _loire.DisposeAsync();

    [Fact]
    public async Task A_placed_order_is_reserved_charged_shipped_and_confirmed()
    {
        await _loire.Accepted("user", "c-1", new UserCommand.Register("Ada", "ada@example.org"));
        await _loire.Accepted("product", "p-1", new ProductCommand.Create("Lamp", "", Money.Of(10), "home"));
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await Place("o-1", ("p-1", 2), ("p-1", 1));

        var saga = await Ended("o-1");

        saga.GetProperty("status").GetString().ShouldBe("completed");
        Strings(saga, "completedSteps").ShouldBe(["reserve-inventory", "process-payment", "create-shipment", "confirm-order"]);
        (await _loire.StateOf("inventory", "p-1")).ToString().ShouldBe("""{"available":2,"reserved":3}""");
        (await _loire.StateOf("payment", "o-1")).ToString().ShouldBe("""{"amount":30.00,"status":"charged"}""");
        (await _loire.StateOf("shipment", "o-1")).ToString().ShouldBe("""{"status":"created"}""");
        var order = (await _loire.View("orders", "o-1")).ShouldNotBeNull();
        order.GetProperty("status").GetString().ShouldBe("confirmed");
        order.GetProperty("customerName").GetString().ShouldBe("Ada");
        order.GetProperty("items")[0].GetProperty("productName").GetString().ShouldBe("Lamp");
    }

    [Fact]
    public async Task An_order_without_stock_is_cancelled_and_what_was_reserved_is_given_back()
    {
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await Place("o-1", ("p-1", 2), ("p-2", 1));

        var saga = await Ended("o-1");

        saga.GetProperty("status").GetString().ShouldBe("failed");
        Strings(saga, "completedSteps").ShouldBeEmpty();
        (await _loire.StateOf("inventory", "p-1")).ToString().ShouldBe("""{"available":5,"reserved":0}""");
        var order = await _loire.StateOf("order", "o-1");
        order.GetProperty("status").GetString().ShouldBe("cancelled");
        order.GetProperty("cancelReason").GetString()!.ShouldContain("p-2");
    }

    [Fact]
    public async Task A_declined_payment_gives_the_stock_back_and_cancels_the_order()
    {
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await Place("o-1", PaymentDecider.DeclinedMethod, ("p-1", 2));

        var saga = await Ended("o-1");

        saga.GetProperty("status").GetString().ShouldBe("failed");
        Strings(saga, "compensatedSteps").ShouldBe(["reserve-inventory"]);
        (await _loire.StateOf("inventory", "p-1")).ToString().ShouldBe("""{"available":5,"reserved":0}""");
        (await _loire.StateOf("payment", "o-1")).GetProperty("status").GetString().ShouldBe("declined");
        (await _loire.StateOf("order", "o-1")).GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_confirmed_order_that_is_cancelled_is_undone_in_reverse_order()
    {
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await Place("o-1", ("p-1", 2));
        await Ended("o-1");

        await _loire.Accepted("order", "o-1", new OrderCommand.Cancel("changed my mind"));
        var saga = await _loire.Until("sagas", "order-fulfillment:o-1", s => s.GetProperty("status").GetString() == "failed");

        Strings(saga, "compensatedSteps").ShouldBe(["confirm-order", "create-shipment", "process-payment", "reserve-inventory"]);
        (await _loire.StateOf("inventory", "p-1")).ToString().ShouldBe("""{"available":5,"reserved":0}""");
        (await _loire.StateOf("payment", "o-1")).GetProperty("status").GetString().ShouldBe("refunded");
        (await _loire.StateOf("shipment", "o-1")).GetProperty("status").GetString().ShouldBe("cancelled");
        (await _loire.StateOf("order", "o-1")).GetProperty("cancelReason").GetString().ShouldBe("changed my mind");
    }

    [Fact]
    public async Task A_step_that_a_silo_taken_for_dead_sends_after_it_was_undone_has_no_effect()
    {
        await Place("o-1", ("p-1", 2));
        await Ended("o-1");
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));

        // There was no stock when the saga sent this for the first time; now there is.
        var late = await _loire.Send(
            "inventory", "p-1", new InventoryCommand.Reserve("o-1", Quantity.Of(2)), key: "order-fulfillment/o-1/reserve-inventory/do/0");

        late.ShouldBeOfType<CommandResult.Accepted>().Receipt.Events.ShouldBeEmpty();
        (await _loire.StateOf("inventory", "p-1")).ToString().ShouldBe("""{"available":5,"reserved":0}""");
    }

    [Fact]
    public async Task Everything_a_saga_does_carries_the_correlation_id_of_the_command_that_started_it()
    {
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await Place("o-7", ("p-1", 1));
        await Ended("o-7");

        var page = await _loire.Log.ReadAll(0, new LogFilter { CorrelationId = "test-o-7" }, 100, TestContext.Current.CancellationToken);

        page.Events.Select(e => e.Type).ShouldBe(
            [
                "order.placed", "order-fulfillment.started", "inventory.reserved", "order-fulfillment.step-completed",
                "payment.charged", "order-fulfillment.step-completed", "shipment.created", "order-fulfillment.step-completed",
                "order.confirmed", "order-fulfillment.step-completed", "order-fulfillment.completed",
            ]);
    }

    [Fact]
    public async Task Many_orders_share_the_stock_and_none_is_sold_twice()
    {
        await _loire.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(20)));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Place($"o-{i}", ("p-1", 1))));

        var ended = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Ended($"o-{i}")));

        ended.Count(s => s.GetProperty("status").GetString() == "completed").ShouldBe(20);
        (await _loire.StateOf("inventory", "p-1")).ToString().ShouldBe("""{"available":0,"reserved":20}""");
    }

    [Fact]
    public async Task A_saga_runs_however_long_its_names_are()
    {
        var id = new string('x', StreamName.MaxIdLength);
        await _loire.Accepted("account", id, new AccountCommand.Open("c-1", Money.Of(0)));

        var saga = await _loire.Until(
            "sagas", $"{WelcomeGift.Name}:{id}", s => s.GetProperty("status").GetString() is "completed" or "failed");

        saga.GetProperty("status").GetString().ShouldBe("completed");
        (await _loire.StateOf("account", id)).GetProperty("balance").GetDecimal().ShouldBe(1);
    }

    private Task Place(string id, params (string Product, int Quantity)[] items) => Place(id, "card", items);

    private Task Place(string id, string method, params (string Product, int Quantity)[] items) => _loire.Accepted(
        "order",
        id,
        new OrderCommand.Place("c-1", [.. items.Select(i => new OrderItem(i.Product, Quantity.Of(i.Quantity), Money.Of(10)))], method));

    private Task<JsonElement> Ended(string id) => _loire.Until(
        "sagas", $"order-fulfillment:{id}", s => s.GetProperty("status").GetString() is "completed" or "failed");

    private static IEnumerable<string?> Strings(JsonElement saga, string member) =>
        saga.GetProperty(member).EnumerateArray().Select(s => s.GetString());
}

/// <summary>Together with an id of 200 characters, its names are longer than an idempotency key may be.</summary>
public sealed class WelcomeGift : Saga<WelcomeGift.Context>
{
    public const string Name = "a-gift-to-welcome-everybody-who-opens-an-account-with-us";

    public WelcomeGift()
        : base(Name)
    {
        StartsOn<AccountEvent.Opened>((_, info) => new Context(info.AggregateId));
        Step("give").Execute(gift => [Send("account", gift.AccountId, new AccountCommand.Deposit(Money.Of(1)))]);
    }

    public sealed record Context(string AccountId);
}

[GrainType(WelcomeGift.Name)]
internal sealed class WelcomeGiftGrain : SagaGrain<WelcomeGift>;
