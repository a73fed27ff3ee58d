using Loire.EventLog;
using Loire.Serialization;

namespace Commerce.Orders.Choreography;

/// <summary>Looks up the order that an event of another aggregate speaks of.</summary>
public sealed class OrderBook(IEventLog log, EventCatalog catalog)
{
    /// <summary>
    /// The order as the log has it now; <see langword="null"/> if nobody has placed it. An event that is reacted to is in the
    /// log already, so whoever finds the order open here will see its cancellation come later.
    /// </summary>
    public async Task<PlacedOrder?> Find(string orderId, CancellationToken cancellation)
    {
        var events = (await log.Load(new StreamName("order", orderId), cancellation: cancellation)).Select(catalog.Decode).ToList();
        return events is [OrderEvent.Placed placed, ..] ? new PlacedOrder(placed, events.OfType<OrderEvent.Cancelled>().Any()) : null;
    }
}

/// <param name="Placed">What was ordered.</param>
/// <param name="Cancelled">Whether nobody wants it any more.</param>
public sealed record PlacedOrder(OrderEvent.Placed Placed, bool Cancelled)
{
    /// <summary>The products in the order in which they are reserved, and how many pieces of each: lines of the same one count together.</summary>
    public static IReadOnlyList<(string ProductId, int Quantity)> Pieces(OrderEvent.Placed placed) =>
        [.. placed.Items.GroupBy(i => i.ProductId).Select(g => (g.Key, g.Sum(i => i.Quantity.Value)))];

    /// <summary>The product that is reserved after another one; <see langword="null"/> after the last.</summary>
    public (string ProductId, int Quantity)? After(string productId)
    {
        var pieces = Pieces(Placed);
        var next = pieces.TakeWhile(p => p.ProductId != productId).Count() + 1;
        return next < pieces.Count ? pieces[next] : null;
    }
}
