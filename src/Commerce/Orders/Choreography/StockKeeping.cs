using Commerce.Inventory;
using Commerce.Values;
using Loire.Commands;
using Loire.Reactors;

namespace Commerce.Orders.Choreography;

/// <summary>
/// Reserves the products of a placed order one after the other, and gives them back when it is cancelled. If there is not enough,
/// it cancels the order. Whichever of a reservation and a cancellation comes later, its reaction sees the other and releases.
/// </summary>
public sealed class StockKeeping : Reactor
{
    public StockKeeping(OrderBook orders)
        : base("order-stock")
    {
        On<OrderEvent.Placed>((placed, delivery) => Reserve(delivery, delivery.Event.AggregateId, PlacedOrder.Pieces(placed)[0]));
        On<InventoryEvent.Reserved>(async (reserved, delivery) =>
        {
            var productId = delivery.Event.AggregateId;
            var order = await orders.Find(reserved.OrderId, delivery.Cancellation);
            if (order is { Cancelled: true })
            {
                await delivery.Send("inventory", productId, new InventoryCommand.Release(reserved.OrderId), "release");
            }
            else if (order?.After(productId) is { } next)
            {
                await Reserve(delivery, reserved.OrderId, next);
            }
        });
        On<OrderEvent.Cancelled>(async (cancelled, delivery) =>
        {
            foreach (var productId in cancelled.Items.Select(i => i.ProductId).Distinct())
            {
                await delivery.Send("inventory", productId, new InventoryCommand.Release(delivery.Event.AggregateId));
            }
        });
    }

    private static async Task Reserve(Delivery delivery, string orderId, (string ProductId, int Quantity) piece)
    {
        var reserve = new InventoryCommand.Reserve(orderId, Quantity.Of(piece.Quantity));
        if (await delivery.Send("inventory", piece.ProductId, reserve, "reserve") is CommandResult.Rejected)
        {
            // How much is available may be another number at the next attempt, and the command has to be the same.
            var reason = $"Out of stock: {piece.Quantity} of product {piece.ProductId} are wanted.";
            await delivery.Send("order", orderId, new OrderCommand.Cancel(reason), "cancel");
        }
    }
}
