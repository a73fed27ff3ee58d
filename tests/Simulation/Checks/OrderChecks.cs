using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Shipments;
using Loire.Sagas;

namespace Loire.Simulation.Checks;

/// <summary>
/// Sagas have done all or nothing: what was paid, reserved and shipped fits each order's end, steps failed for reasons of
/// the domain only, and compensation went backwards.
/// </summary>
internal static class OrderChecks
{
    private static readonly string[] Reasons = ["out-of-stock", "declined", "not-pending"];

    public static IEnumerable<string> Run(Facts facts)
    {
        var orders = facts.Streams.Where(s => s.Aggregate == "order").Select(s => s.Id).ToList();
        return orders.SelectMany(id => Run(facts, id).Select(violation => $"order {id}: {violation}"))
            .Concat(Stock(facts));
    }

    private static IEnumerable<string> Run(Facts facts, string id)
    {
        var order = facts.Of("order", id).Select(e => (OrderEvent)e.Event).Aggregate(new OrderDecider().Initial, new OrderDecider().Evolve);
        var payment = facts.Of("payment", id).Select(e => (PaymentEvent)e.Event).Aggregate(new PaymentDecider().Initial, new PaymentDecider().Evolve);
        var shipment = facts.Of("shipment", id).Select(e => (ShipmentEvent)e.Event).Aggregate(new ShipmentDecider().Initial, new ShipmentDecider().Evolve);
        var saga = facts.Of(OrderFulfillment.Name, id).Select(e => (SagaEvent)e.Event).ToList();
        var reserved = Reserved(facts, id);
        var fulfilled = order.Status == OrderStatus.Confirmed;

        if (order.Status == OrderStatus.Pending)
        {
            yield return "it is neither confirmed nor cancelled";
        }

        if (fulfilled != (payment.Status == PaymentStatus.Charged))
        {
            yield return $"it is {order.Status}, and its payment {payment.Status?.ToString() ?? "has not been made"}";
        }

        if (payment.Status == PaymentStatus.Charged && payment.Amount != order.Total)
        {
            yield return $"{payment.Amount} were charged for {order.Total}";
        }

        if (fulfilled != (shipment.Status == ShipmentStatus.Created))
        {
            yield return $"it is {order.Status}, and its shipment {shipment.Status?.ToString() ?? "has not been made"}";
        }

        var wanted = fulfilled ? order.Items.Sum(i => (long)i.Quantity.Value) : 0;
        if (reserved != wanted)
        {
            yield return $"it is {order.Status}, and {reserved} pieces are reserved for it rather than {wanted}";
        }

        foreach (var failed in saga.OfType<SagaEvent.StepFailed>().Where(e => !Reasons.Contains(e.Code)))
        {
            yield return $"the step {failed.Step} failed for no reason of the domain: {failed.Code}";
        }

        foreach (var repeated in saga.OfType<SagaEvent.StepCompleted>().GroupBy(e => e.Step).Where(g => g.Count() > 1))
        {
            yield return $"the step {repeated.Key} was completed {repeated.Count()} times";
        }

        var refunded = facts.Of("payment", id).FirstOrDefault(e => e.Event is PaymentEvent.Refunded).Position;
        var released = Positions<InventoryEvent.Released>(facts, e => e.OrderId == id).DefaultIfEmpty().Min();
        if (saga.Count > 0 && refunded > 0 && released > 0 && released < refunded)
        {
            yield return $"the stock was released (position {released}) before the payment was refunded (position {refunded})";
        }
    }

    private static long Reserved(Facts facts, string order) => facts.All
        .Where(e => e.Stream.Aggregate == "inventory")
        .Sum(e => facts.Decode(e) switch
        {
            InventoryEvent.Reserved reserved when reserved.OrderId == order => reserved.Quantity.Value,
            InventoryEvent.Released released when released.OrderId == order => -(long)released.Quantity.Value,
            _ => 0L,
        });

    private static IEnumerable<long> Positions<TEvent>(Facts facts, Func<TEvent, bool> which) =>
        from e in facts.All
        where e.Stream.Aggregate == "inventory" && facts.Decode(e) is TEvent typed && which(typed)
        select e.Position;

    private static IEnumerable<string> Stock(Facts facts)
    {
        foreach (var product in facts.Streams.Where(s => s.Aggregate == "inventory").Select(s => s.Id))
        {
            var events = facts.Of("inventory", product).Select(e => (InventoryEvent)e.Event).ToList();
            var stock = events.Aggregate(new InventoryDecider().Initial, new InventoryDecider().Evolve);
            var received = events.OfType<InventoryEvent.StockReceived>().Sum(e => (long)e.Quantity.Value);
            if (stock.Available < 0 || stock.Available + stock.Reserved != received)
            {
                yield return $"product {product}: {received} pieces came in, {stock.Available} are available and {stock.Reserved} reserved";
            }
        }
    }
}
