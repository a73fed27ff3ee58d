using Commerce.Orders;
using Commerce.Payments;
using Commerce.Values;
using Microsoft.Extensions.Options;

namespace Loire.Testing.Tests.Examples;

/// <summary>The examples of processes in docs/testing.md.</summary>
public sealed class ProcessExamples
{
    private static readonly OrderExpiry OrderExpiry = new(Options.Create(new OrderExpiryOptions { Patience = TimeSpan.FromHours(24) }));

    private static readonly OrderEvent.Placed Placed = new(
        "ada", [new OrderItem("lamp", Quantity.Of(2), Money.Of(10))], Money.Of(20), "card", DateTimeOffset.UnixEpoch);

    [Fact]
    public void An_order_that_nobody_confirms_is_cancelled() => Specify.Process(OrderExpiry, id: "o-1")
        .Given(Placed)
        .WhenPasses(TimeSpan.FromHours(24))
        .ThenSends("order", "o-1", new OrderCommand.Cancel("Nobody confirmed the order in time."))
        .ThenState("expiring");

    [Fact]
    public void A_payment_gives_an_order_its_time_anew() => Specify.Process(OrderExpiry, id: "o-1")
        .Given(Placed)
        .GivenPassed(TimeSpan.FromHours(20))
        .When(new PaymentEvent.Charged("o-1", "ada", Money.Of(20), "card"), from: "o-1")
        .ThenSendsNothing()
        .ThenTimers(("too-late", TimeSpan.FromHours(24)));

    [Fact]
    public void A_confirmed_order_is_left_alone() => Specify.Process(OrderExpiry, id: "o-1")
        .Given(Placed)
        .When(new OrderEvent.Confirmed())
        .ThenEnds("confirmed")
        .WhenPasses(TimeSpan.FromDays(365))
        .ThenSendsNothing();

    [Fact]
    public void An_order_that_cannot_be_cancelled_is_kept() => Specify.Process(OrderExpiry, id: "o-1")
        .Given(Placed)
        .GivenPassed(TimeSpan.FromHours(24))
        .WhenRejected<OrderCommand.Cancel>("cannot-cancel")
        .ThenEnds("kept");
}
