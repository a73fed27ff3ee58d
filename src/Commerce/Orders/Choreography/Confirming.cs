using Commerce.Shipments;
using Loire.Reactors;

namespace Commerce.Orders.Choreography;

/// <summary>Confirms an order that is under way to its customer. If it was cancelled meanwhile, that is rejected, and the others undo what they have done.</summary>
public sealed class Confirming : Reactor
{
    public Confirming()
        : base("order-confirmation") =>
        On<ShipmentEvent.Created>((created, delivery) => delivery.Send("order", created.OrderId, new OrderCommand.Confirm()));
}
