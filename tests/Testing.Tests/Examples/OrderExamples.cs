using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Testing.Tests.Examples;

/// <summary>The examples of docs/testing.md.</summary>
public sealed class OrderExamples
{
    private static readonly OrderEvent.Placed Placed = new(
        "ada", [new OrderItem("lamp", Quantity.Of(2), Money.Of(10))], Money.Of(20), "card", DateTimeOffset.UnixEpoch);

    [Fact]
    public void Reserved_stock_leads_to_a_charge() => Specify.Saga(new OrderFulfillment(), id: "o-1")
        .Given(Placed)
        .WhenAccepted()
        .ThenCompletes("reserve-inventory")
        .ThenSends("payment", "o-1", new PaymentCommand.Charge("o-1", "ada", Money.Of(20), "card"))
        .ThenWaitsAt("process-payment");

    [Fact]
    public void A_payment_that_is_rejected_gives_the_stock_back() => Specify.Saga(new OrderFulfillment(), id: "o-1")
        .Given(Placed)
        .GivenCompleted("reserve-inventory")
        .WhenRejected("already-charged", "The payment has been charged already.")
        .ThenSends(
            new SagaCommand("inventory", "lamp", new InventoryCommand.Release("o-1")),
            new SagaCommand("order", "o-1", new OrderCommand.Cancel("The payment has been charged already.")))
        .ThenCompensates("reserve-inventory")
        .ThenFailed();

    [Fact]
    public void A_declined_payment_ends_the_order() => Specify.Saga(new OrderFulfillment(), id: "o-1")
        .GivenAccepted<PaymentCommand.Charge>(new PaymentEvent.Declined("o-1", "ada", Money.Of(20), "card"))
        .GivenAllElseAccepted()
        .When(Placed)
        .ThenFailed("The payment was declined.");

    [Fact]
    public void A_reservation_moves_pieces() => Specify.Projection(new InventoryView())
        .Given("lamp", new InventoryEvent.StockReceived(Quantity.Of(10)))
        .When("lamp", new InventoryEvent.Reserved("o-1", Quantity.Of(3)))
        .ThenDocument("lamp", new StockView("lamp", Available: 7, Reserved: 3))
        .ThenNoDocument("chair");
}
