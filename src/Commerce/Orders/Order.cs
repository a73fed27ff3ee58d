using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Orders;

public abstract record OrderCommand
{
    public sealed record Place(string CustomerId, ImmutableArray<OrderItem> Items, string PaymentMethod) : OrderCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Id(CustomerId);
            validation.Text(PaymentMethod, 200);
            OrderItem.Validate(Items, validation);
        }
    }

    public sealed record Confirm : OrderCommand;

    public sealed record Cancel(string Reason) : OrderCommand;
}

public abstract record OrderEvent
{
    public sealed record Placed(
        string CustomerId, ImmutableArray<OrderItem> Items, Money Total, string PaymentMethod, DateTimeOffset PlacedAt) : OrderEvent;

    public sealed record Confirmed : OrderEvent;

    /// <summary>Carries what was ordered and when, so that readers need not remember it.</summary>
    public sealed record Cancelled(string Reason, ImmutableArray<OrderItem> Items, DateTimeOffset PlacedAt) : OrderEvent;
}

public sealed record OrderItem(string ProductId, Quantity Quantity, Money Price)
{
    internal static void Validate(ImmutableArray<OrderItem> items, Validation validation)
    {
        validation.Require(items.Length is >= 1 and <= 1000, "items", "1 to 1000 items are needed.");
        for (var i = 0; i < items.Length; i++)
        {
            // Nullable annotations are not enforced inside arrays.
            validation.Id(items[i]?.ProductId, $"items[{i}].productId");
        }

        validation.Require(
            Money.TryOf(items.Sum(item => item is null ? 0 : item.Price.Amount * item.Quantity)) is not null,
            "items",
            "The total is too large.");
        validation.Require(
            items.GroupBy(item => item?.ProductId).All(product => product.Sum(item => item?.Quantity.Value ?? 0L) <= Quantity.Max),
            "items",
            $"At most {Quantity.Max} pieces of a product can be ordered at once.");
    }
}

public enum OrderStatus
{
    Pending,
    Confirmed,
    Shipped,
    Delivered,
    Cancelled,
}

/// <summary>What a customer wants, and what became of it.</summary>
public sealed record Order(
    string? CustomerId = null,
    ImmutableArray<OrderItem> Items = default,
    Money Total = default,
    OrderStatus Status = OrderStatus.Pending,
    string? CancelReason = null)
{
    [JsonIgnore]
    public DateTimeOffset PlacedAt { get; init; }

    internal bool Exists => CustomerId is not null;
}

public sealed class OrderDecider : IDecider<OrderCommand, Order, OrderEvent>
{
    public Order Initial { get; } = new() { Items = [] };

    public Decision<OrderEvent> Decide(OrderCommand command, Order state, CommandContext context) => (command, state) switch
    {
        (OrderCommand.Place place, { Exists: false }) => new OrderEvent.Placed(
            place.CustomerId,
            place.Items,
            place.Items.Aggregate(Money.Zero, (total, item) => total + (item.Price * item.Quantity)),
            place.PaymentMethod,
            context.Now),
        (OrderCommand.Place, _) => new Rejection("already-placed", "The order has been placed already."),
        (_, { Exists: false }) => new Rejection("not-placed", "The order has not been placed."),
        (OrderCommand.Confirm, { Status: OrderStatus.Pending }) => new OrderEvent.Confirmed(),
        (OrderCommand.Confirm, _) => new Rejection("not-pending", $"The order is {Text(state.Status)}."),
        (OrderCommand.Cancel cancel, { Status: OrderStatus.Pending or OrderStatus.Confirmed }) =>
            new OrderEvent.Cancelled(cancel.Reason, state.Items, state.PlacedAt),
        (OrderCommand.Cancel, _) => new Rejection("cannot-cancel", $"The order is {Text(state.Status)}."),
        _ => throw new NotSupportedException($"No command of an order: {command}"),
    };

    public Order Evolve(Order state, OrderEvent @event) => @event switch
    {
        OrderEvent.Placed placed => new Order(placed.CustomerId, placed.Items, placed.Total) { PlacedAt = placed.PlacedAt },
        OrderEvent.Confirmed => state with { Status = OrderStatus.Confirmed },
        OrderEvent.Cancelled cancelled => state with { Status = OrderStatus.Cancelled, CancelReason = cancelled.Reason },
        _ => throw new NotSupportedException($"No event of an order: {@event}"),
    };

    private static string Text(OrderStatus status) => status.ToString().ToLowerInvariant();
}

[GrainType("order")]
public sealed class OrderGrain : AggregateGrain<OrderCommand, Order, OrderEvent>;
