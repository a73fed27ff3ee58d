using Commerce.Inventory;
using Commerce.Payments;
using Loire.Reactors;

namespace Commerce.Orders.Choreography;

/// <summary>
/// Charges an order when its last product is reserved, and pays back when it is cancelled. A payment that is declined cancels the
/// order.
/// </summary>
public sealed class Charging : Reactor
{
    public Charging(OrderBook orders)
        : base("order-payment")
    {
        On<InventoryEvent.Reserved>(async (reserved, delivery) =>
        {
            if (await orders.Find(reserved.OrderId, delivery.Cancellation) is { Cancelled: false } order
                && order.After(delivery.Event.AggregateId) is null)
            {
                var placed = order.Placed;
                await delivery.Send(
                    "payment",
                    reserved.OrderId,
                    new PaymentCommand.Charge(reserved.OrderId, placed.CustomerId, placed.Total, placed.PaymentMethod));
            }
        });
        On<PaymentEvent.Declined>((declined, delivery) =>
            delivery.Send("order", declined.OrderId, new OrderCommand.Cancel("The payment was declined.")));
        On<PaymentEvent.Charged>(async (charged, delivery) =>
        {
            if (await orders.Find(charged.OrderId, delivery.Cancellation) is { Cancelled: true })
            {
                await Refund(delivery, charged.OrderId);
            }
        });
        On<OrderEvent.Cancelled>((_, delivery) => Refund(delivery, delivery.Event.AggregateId));
    }

    // Without a charge it is rejected, and that is as good.
    private static Task Refund(Delivery delivery, string orderId) =>
        delivery.Send("payment", orderId, new PaymentCommand.Refund("The order was not fulfilled."));
}
