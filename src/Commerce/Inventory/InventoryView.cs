using Loire.Projections;

namespace Commerce.Inventory;

public sealed class InventoryView : Projection<StockView>
{
    public InventoryView()
        : base("inventory")
    {
        On<InventoryEvent.StockReceived>((view, e, info) => Move(view, info, e.Quantity, reserved: 0));
        On<InventoryEvent.Reserved>((view, e, info) => Move(view, info, -e.Quantity, e.Quantity));
        On<InventoryEvent.Released>((view, e, info) => Move(view, info, e.Quantity, -e.Quantity));
    }

    private static StockView Move(StockView? view, EventInfo info, int available, int reserved) => new(
        info.AggregateId,
        (view?.Available ?? 0) + available,
        (view?.Reserved ?? 0) + reserved);
}

/// <param name="Id">The product's id.</param>
/// <param name="Available">Pieces that can be had.</param>
/// <param name="Reserved">Pieces that are kept for orders.</param>
public sealed record StockView(string Id, long Available, long Reserved);
