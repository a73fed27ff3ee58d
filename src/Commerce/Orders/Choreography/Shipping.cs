using Commerce.Payments;
using Commerce.Shipments;
using Loire.Reactors;

namespace Commerce.Orders.Choreography;

/// <summary>Ships what is paid for, and calls it back when the order is cancelled.</summary>
public sealed class Shipping : Reactor
{
    public Shipping(OrderBook orders)
        : base("order-shipment")
    {
        On<PaymentEvent.Charged>(async (charged, delivery) =>
        {
            if (await orders.Find(charged.OrderId, delivery.Cancellation) is { Cancelled: false } order)
            {
                await delivery.Send("shipment", charged.OrderId, new ShipmentCommand.Create(charged.OrderId, order.Placed.Items));
            }
        });
        On<ShipmentEvent.Created>(async (created, delivery) =>
        {
            if (await orders.Find(created.OrderId, delivery.Cancellation) is { Cancelled: true })
            {
                await Cancel(delivery, created.OrderId);
            }
        });
        On<OrderEvent.Cancelled>((_, delivery) => Cancel(delivery, delivery.Event.AggregateId));
    }

    // Without a shipment it is rejected, and that is as good.
    private static Task Cancel(Delivery delivery, string orderId) =>
        delivery.Send("shipment", orderId, new ShipmentCommand.Cancel("The order was not fulfilled."));
}
