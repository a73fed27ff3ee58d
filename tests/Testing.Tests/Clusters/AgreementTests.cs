using Commerce;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Shipments;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Testing.Tests.Clusters;

/// <summary>What a specification says a saga does is what it does on the platform.</summary>
public sealed class AgreementTests : IAsyncLifetime
{
    private static readonly OrderItem Lamp = new("lamp", Quantity.Of(2), Money.Of(10));
    private static readonly OrderItem Chair = new("chair", Quantity.Of(1), Money.Of(30));

    private LoireTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await LoireTestCluster.Start(loire => loire.AddCommerce());

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task On_an_order_that_is_fulfilled()
    {
        await Stock(lamps: 5, chairs: 5);

        await Agree("card", saga => saga.GivenAllElseAccepted().When(Placed("card")));
    }

    [Fact]
    public async Task On_stock_that_runs_out_half_way()
    {
        await Stock(lamps: 5, chairs: 0);
        var failure = (await OnThePlatform("card")).OfType<SagaEvent.StepFailed>().Single();
        failure.Begun.ShouldBeTrue();

        await Agree("card", saga => saga.Given(Placed("card")).WhenAccepted().WhenRejected(failure.Code, failure.Reason));
    }

    [Fact]
    public async Task On_a_payment_that_is_declined()
    {
        await Stock(lamps: 5, chairs: 5);

        await Agree(PaymentDecider.DeclinedMethod, saga => saga
            .GivenAccepted<PaymentCommand.Charge>(new PaymentEvent.Declined("", "", Money.Zero, ""))
            .GivenAllElseAccepted()
            .When(Placed(PaymentDecider.DeclinedMethod)));
    }

    [Fact]
    public async Task On_a_shipment_that_is_rejected()
    {
        await Stock(lamps: 5, chairs: 5);
        await _cluster.Given("shipment", "o-card", new ShipmentEvent.Created("o-card", [Lamp]));
        var failure = (await OnThePlatform("card")).OfType<SagaEvent.StepFailed>().Single();

        await Agree("card", saga => saga
            .GivenRejected<ShipmentCommand.Create>(failure.Code, failure.Reason)
            .GivenAllElseAccepted()
            .When(Placed("card")));
    }

    private async Task Agree(string method, Func<SagaSpecification, SagaSpecification> story)
    {
        var recorded = await OnThePlatform(method);

        story(Specify.Saga(new OrderFulfillment(), $"o-{method}")).Recorded.Select(Text).ShouldBe(recorded.Select(Text));
    }

    private async Task<IReadOnlyList<SagaEvent>> OnThePlatform(string method)
    {
        var id = $"o-{method}";
        if ((await _cluster.EventsOf("order", id)).Count == 0)
        {
            await _cluster.Accepted("order", id, new OrderCommand.Place("ada", [Lamp, Chair], method));
        }

        await _cluster.SagaEnded("order-fulfillment", id);
        return [.. (await _cluster.EventsOf("order-fulfillment", id)).Cast<SagaEvent>()];
    }

    private async Task Stock(int lamps, int chairs)
    {
        foreach (var (product, quantity) in new[] { ("lamp", lamps), ("chair", chairs) }.Where(p => p.Item2 > 0))
        {
            await _cluster.Given("inventory", product, new InventoryEvent.StockReceived(Quantity.Of(quantity)));
        }
    }

    private static OrderEvent.Placed Placed(string method) => new("ada", [Lamp, Chair], Money.Of(50), method, DateTimeOffset.UnixEpoch);

    // Who caused it is known to the platform alone.
    private static string Text(SagaEvent e) => System.Text.Json.JsonSerializer.Serialize<object>(
        e is SagaEvent.Started started ? started with { Cause = SagaCause.Unknown } : e);
}
