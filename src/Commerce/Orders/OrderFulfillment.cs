using System.Collections.Immutable;
using Commerce.Inventory;
using Commerce.Payments;
using Commerce.Shipments;
using Commerce.Values;
using Loire.Sagas;

namespace Commerce.Orders;

/// <summary>Takes a placed order to its confirmation: stock, payment, shipment, or back again.</summary>
public sealed class OrderFulfillment : Saga<OrderFulfillment.Context>
{
    public const string Name = "order-fulfillment";

    public OrderFulfillment()
        : base(Name)
    {
        StartsOn<OrderEvent.Placed>((e, info) => new Context(info.AggregateId, e.CustomerId, e.Items, e.Total, e.PaymentMethod));
        UndoneBy<OrderEvent.Cancelled>(e => e.Reason);

        Step("reserve-inventory")
            .Execute(order => order.Pieces.Select(p =>
                Send("inventory", p.ProductId, new InventoryCommand.Reserve(order.OrderId, Quantity.Of(p.Quantity)))))
            .Compensate(order => order.Pieces.Select(p =>
                Send("inventory", p.ProductId, new InventoryCommand.Release(order.OrderId))));
        Step("process-payment")
            .Execute(order => [Send(
                "payment",
                order.OrderId,
                new PaymentCommand.Charge(order.OrderId, order.CustomerId, order.Total, order.PaymentMethod))
                .FailsOn<PaymentEvent.Declined>("The payment was declined.")])
            .Compensate(order => [Send("payment", order.OrderId, new PaymentCommand.Refund("The order was not fulfilled."))]);
        Step("create-shipment")
            .Execute(order => [Send("shipment", order.OrderId, new ShipmentCommand.Create(order.OrderId, order.Items))])
            .Compensate(order => [Send("shipment", order.OrderId, new ShipmentCommand.Cancel("The order was not fulfilled."))]);
        Step("confirm-order")
            .Execute(order => [Send("order", order.OrderId, new OrderCommand.Confirm())]);

        WhenFailed((order, reason) => [Send("order", order.OrderId, new OrderCommand.Cancel(reason))]);
    }

    public sealed record Context(
        string OrderId, string CustomerId, ImmutableArray<OrderItem> Items, Money Total, string PaymentMethod)
    {
        /// <summary>What is wanted of each product: lines of the same product count together.</summary>
        internal IEnumerable<(string ProductId, int Quantity)> Pieces =>
            Items.GroupBy(i => i.ProductId).Select(g => (g.Key, g.Sum(i => i.Quantity.Value)));
    }
}

[GrainType(OrderFulfillment.Name)]
public sealed class OrderFulfillmentGrain : SagaGrain<OrderFulfillment>;
