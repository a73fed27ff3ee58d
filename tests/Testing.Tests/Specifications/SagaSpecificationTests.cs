using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Shipments;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Testing.Tests.Specifications;

public sealed class SagaSpecificationTests
{
    private static readonly OrderItem Lamp = new("lamp", Quantity.Of(2), Money.Of(10));
    private static readonly OrderItem Chair = new("chair", Quantity.Of(1), Money.Of(30));
    private static readonly OrderEvent.Placed Placed = new("ada", [Lamp, Chair], Money.Of(50), "card", DateTimeOffset.UnixEpoch);
    private static readonly PaymentCommand.Charge Charge = new("o-1", "ada", Money.Of(50), "card");

    private static SagaSpecification Fulfillment => Specify.Saga(new OrderFulfillment(), id: "o-1");

    [Fact]
    public void The_event_that_starts_it_leads_to_the_first_command() => Fulfillment
        .When(Placed)
        .ThenSends("inventory", "lamp", new InventoryCommand.Reserve("o-1", Quantity.Of(2)))
        .ThenWaitsAt("reserve-inventory");

    [Fact]
    public void The_answer_to_one_command_leads_to_the_next() => Fulfillment
        .Given(Placed)
        .WhenAccepted().ThenSends("inventory", "chair", new InventoryCommand.Reserve("o-1", Quantity.Of(1)))
        .WhenAccepted().ThenCompletes("reserve-inventory").ThenSends("payment", "o-1", Charge).ThenWaitsAt("process-payment");

    [Fact]
    public void It_completes_when_everything_is_accepted() => Fulfillment
        .GivenAllElseAccepted()
        .When(Placed)
        .ThenCompletes("reserve-inventory", "process-payment", "create-shipment", "confirm-order")
        .ThenCompleted();

    [Fact]
    public void A_rejection_takes_back_what_was_begun() => Fulfillment
        .Given(Placed)
        .GivenCompleted("reserve-inventory")
        .WhenRejected("already-charged")
        .ThenSends(
            new SagaCommand("inventory", "lamp", new InventoryCommand.Release("o-1")),
            new SagaCommand("inventory", "chair", new InventoryCommand.Release("o-1")),
            new SagaCommand("order", "o-1", new OrderCommand.Cancel("")))
        .ThenCompensates("reserve-inventory")
        .ThenFailed();

    [Fact]
    public void A_step_that_was_only_begun_is_taken_back_too() => Fulfillment
        .Given(Placed)
        .GivenCompleted()
        .WhenAccepted()
        .WhenRejected("out-of-stock", "No chairs.")
        .ThenCompensates("reserve-inventory")
        .ThenFailed("No chairs.");

    [Fact]
    public void An_event_that_a_command_leads_to_can_fail_its_step() => Fulfillment
        .Given(Placed)
        .GivenCompleted("reserve-inventory")
        .WhenAccepted(new PaymentEvent.Declined("o-1", "ada", Money.Of(50), "card"))
        .ThenFailed("The payment was declined.");

    [Fact]
    public void An_event_of_an_aggregate_undoes_a_saga_that_has_completed() => Fulfillment
        .GivenAllElseAccepted()
        .Given(Placed)
        .When(new OrderEvent.Cancelled("changed her mind", [], DateTimeOffset.UnixEpoch))
        .ThenCompensates("confirm-order", "create-shipment", "process-payment", "reserve-inventory")
        .ThenFailed("changed her mind");

    [Fact]
    public void A_rejected_compensation_does_not_keep_the_others_from_being_sent() => Fulfillment
        .GivenRejected<ShipmentCommand.Create>("no-carrier", "Nobody drives there.")
        .GivenRejected<PaymentCommand.Refund>("not-charged")
        .GivenAllElseAccepted()
        .When(Placed)
        .ThenCompensates("reserve-inventory")
        .ThenFailed("Nobody drives there.")
        .ThenOpenWork("payment/o-1: refund")
        .Recorded.OfType<SagaEvent.AttemptFailed>().Select(e => e.Attempt).ShouldBe([1, 2]);

    [Fact]
    public void The_same_start_again_does_nothing() => Fulfillment
        .Given(Placed)
        .When(Placed).ThenSendsNothing().ThenWaitsAt("reserve-inventory");

    [Fact]
    public void Other_commands_fail_with_the_whole_story() => Failing.MessageOf(() => Fulfillment
        .Given(Placed)
        .WhenAccepted().ThenSends("inventory", "chair", new InventoryCommand.Reserve("o-1", Quantity.Of(2)))).ShouldBe(
        """
        The commands are not those that were expected.
        story
          given placed {"customerId":"ada","items":[{"productId":"lamp","quantity":2,"price":10.00},{"productId":"chair","quantity":1,"price":30.00}],"total":50.00,"paymentMethod":"card","placedAt":"1970-01-01T00:00:00+00:00"}
          when reserve is accepted
        expected
          inventory/chair: reserve {"orderId":"o-1","quantity":2}
        sent
          inventory/chair: reserve {"orderId":"o-1","quantity":1}
        stands
          waits at reserve-inventory for the answer to inventory/chair: reserve
        difference
          command 1 (inventory/chair: reserve), quantity: expected 2, got 1
        """);

    [Fact]
    public void A_command_to_another_aggregate_fails() => Failing.MessageOf(() => Fulfillment
        .When(Placed).ThenSends("inventory", "chair", new InventoryCommand.Reserve("o-1", Quantity.Of(2))))
        .ShouldEndWith("command 1: expected inventory/chair: reserve, got inventory/lamp: reserve");

    [Fact]
    public void Another_end_fails()
    {
        var failed = Fulfillment.GivenRejected<PaymentCommand.Charge>("already-charged", "Paid.").GivenAllElseAccepted().When(Placed);

        Failing.MessageOf(() => failed.ThenCompleted()).ShouldEndWith(
            """
            stands
              failed: Paid.
            """);
        Failing.MessageOf(() => failed.ThenFailed("Declined.")).ShouldContain("failed: Declined.");
        Failing.MessageOf(() => failed.ThenCompensates("process-payment")).ShouldEndWith(
            """
            steps
              reserve-inventory
            """);
        Failing.MessageOf(() => failed.ThenCompletes()).ShouldContain("reserve-inventory");
        Failing.MessageOf(() => failed.ThenSendsNothing()).ShouldContain("command 1: expected nothing, got inventory/lamp: reserve");
        Failing.MessageOf(() => Fulfillment.When(Placed).ThenFailed()).ShouldContain("waits at reserve-inventory");
        Failing.MessageOf(() => Fulfillment.When(Placed).ThenWaitsAt("process-payment")).ShouldContain("waits at reserve-inventory");
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_fails() => Failing.MessageOf(() => Fulfillment.WhenAccepted()).ShouldBe(
        """
        The saga is not waiting for an answer.
        story
          when no command is accepted
        expected
          a command that waits for an answer
        sent
          nothing
        stands
          not started
        """);

    [Fact]
    public void A_step_that_it_is_not_at_cannot_be_given_as_completed() => Failing.MessageOf(
        () => Fulfillment.Given(Placed).GivenCompleted("process-payment")).ShouldStartWith("The saga is not at that step.");

    [Fact]
    public void An_event_that_it_does_not_care_for_fails() => Failing.MessageOf(() => Fulfillment.When(new OrderEvent.Confirmed()))
        .ShouldBe("The saga order-fulfillment neither starts on confirmed nor is undone by it.");
}
