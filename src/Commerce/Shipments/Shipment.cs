using System.Collections.Immutable;
using Commerce.Orders;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Shipments;

public abstract record ShipmentCommand
{
    public sealed record Create(string OrderId, ImmutableArray<OrderItem> Items) : ShipmentCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Id(OrderId);
            OrderItem.Validate(Items, validation);
        }
    }

    public sealed record Cancel(string Reason) : ShipmentCommand;

    public sealed record Deliver : ShipmentCommand;
}

public abstract record ShipmentEvent
{
    public sealed record Created(string OrderId, ImmutableArray<OrderItem> Items) : ShipmentEvent;

    public sealed record Cancelled(string Reason) : ShipmentEvent;

    public sealed record Delivered : ShipmentEvent;
}

public enum ShipmentStatus
{
    Created,
    Cancelled,
    Delivered,
}

/// <summary>The shipment of one order. Its id is the order's id.</summary>
public sealed record Shipment(ShipmentStatus? Status = null);

public sealed class ShipmentDecider : IDecider<ShipmentCommand, Shipment, ShipmentEvent>
{
    public Shipment Initial { get; } = new();

    public Decision<ShipmentEvent> Decide(ShipmentCommand command, Shipment state, CommandContext context) => (command, state.Status) switch
    {
        (ShipmentCommand.Create create, null) => new ShipmentEvent.Created(create.OrderId, create.Items),
        (ShipmentCommand.Create, _) => new Rejection("already-created", "The shipment has been created already."),
        (_, null) => new Rejection("not-created", "The shipment has not been created."),
        (ShipmentCommand.Cancel cancel, ShipmentStatus.Created) => new ShipmentEvent.Cancelled(cancel.Reason),
        (ShipmentCommand.Deliver, ShipmentStatus.Created) => new ShipmentEvent.Delivered(),
        (_, var status) => new Rejection("not-under-way", $"The shipment is {status.ToString()!.ToLowerInvariant()}."),
    };

    public Shipment Evolve(Shipment state, ShipmentEvent @event) => @event switch
    {
        ShipmentEvent.Created => new Shipment(ShipmentStatus.Created),
        ShipmentEvent.Cancelled => new Shipment(ShipmentStatus.Cancelled),
        ShipmentEvent.Delivered => new Shipment(ShipmentStatus.Delivered),
        _ => throw new NotSupportedException($"No event of a shipment: {@event}"),
    };
}

[GrainType("shipment")]
public sealed class ShipmentGrain : AggregateGrain<ShipmentCommand, Shipment, ShipmentEvent>;
