using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Inventory;

public abstract record InventoryCommand
{
    public sealed record ReceiveStock(Quantity Quantity) : InventoryCommand;

    public sealed record Reserve(string OrderId, Quantity Quantity) : InventoryCommand, IValidated
    {
        public void Validate(Validation validation) => validation.Id(OrderId);
    }

    /// <summary>Gives back what is reserved for an order; nothing happens if nothing is.</summary>
    public sealed record Release(string OrderId) : InventoryCommand, IValidated
    {
        public void Validate(Validation validation) => validation.Id(OrderId);
    }
}

public abstract record InventoryEvent
{
    public sealed record StockReceived(Quantity Quantity) : InventoryEvent;

    public sealed record Reserved(string OrderId, Quantity Quantity) : InventoryEvent;

    public sealed record Released(string OrderId, Quantity Quantity) : InventoryEvent;
}

/// <summary>The pieces of one product: those that can be had, and those that are kept for orders.</summary>
public sealed record Stock(long Available = 0, long Reserved = 0)
{
    /// <summary>What is kept for each order.</summary>
    [JsonIgnore]
    public ImmutableDictionary<string, Quantity> Reservations { get; init; } = ImmutableDictionary<string, Quantity>.Empty;
}

public sealed class InventoryDecider : IDecider<InventoryCommand, Stock, InventoryEvent>
{
    public Stock Initial { get; } = new();

    public Decision<InventoryEvent> Decide(InventoryCommand command, Stock state, CommandContext context) => command switch
    {
        InventoryCommand.ReceiveStock receive => new InventoryEvent.StockReceived(receive.Quantity),
        InventoryCommand.Reserve reserve => Reserve(reserve, state, context.AggregateId),
        InventoryCommand.Release release => state.Reservations.TryGetValue(release.OrderId, out var quantity)
            ? new InventoryEvent.Released(release.OrderId, quantity)
            : Array.Empty<InventoryEvent>(),
        _ => throw new NotSupportedException($"No command of the inventory: {command}"),
    };

    public Stock Evolve(Stock state, InventoryEvent @event) => @event switch
    {
        InventoryEvent.StockReceived received => state with { Available = state.Available + received.Quantity },
        InventoryEvent.Reserved reserved => new Stock(state.Available - reserved.Quantity, state.Reserved + reserved.Quantity)
        {
            Reservations = state.Reservations.Add(reserved.OrderId, reserved.Quantity),
        },
        InventoryEvent.Released released => new Stock(state.Available + released.Quantity, state.Reserved - released.Quantity)
        {
            Reservations = state.Reservations.Remove(released.OrderId),
        },
        _ => throw new NotSupportedException($"No event of the inventory: {@event}"),
    };

    private static Decision<InventoryEvent> Reserve(InventoryCommand.Reserve reserve, Stock state, string productId)
    {
        if (state.Reservations.ContainsKey(reserve.OrderId))
        {
            return new Rejection("already-reserved", $"There is a reservation for order {reserve.OrderId} already.");
        }

        return reserve.Quantity > state.Available
            ? new Rejection("out-of-stock", $"Out of stock: {reserve.Quantity} of product {productId} are wanted, {state.Available} are available.")
            : new InventoryEvent.Reserved(reserve.OrderId, reserve.Quantity);
    }
}

[GrainType("inventory")]
public sealed class InventoryGrain : AggregateGrain<InventoryCommand, Stock, InventoryEvent>;
