using Commerce.Payments;
using Loire.Hosting;
using Loire.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Commerce.Orders;

/// <summary>Cancels orders that nobody confirms in time. A payment gives an order its time anew.</summary>
public sealed class OrderExpiry : ProcessManager<OrderExpiry.Watch>
{
    public const string Name = "order-expiry";
    public const string TooLate = "too-late";
    public const string Reason = "Nobody confirmed the order in time.";

    public OrderExpiry(IOptions<OrderExpiryOptions> options)
        : base(Name)
    {
        var patience = options.Value.Patience;
        On<OrderEvent.Placed>((_, info) => info.AggregateId);
        On<OrderEvent.Confirmed>((_, info) => info.AggregateId);
        On<OrderEvent.Cancelled>((_, info) => info.AggregateId);
        On<PaymentEvent.Charged>((e, _) => e.OrderId);
        Timer(TooLate);
        Final("confirmed", "cancelled", "kept");
        Otherwise(Unexpected.Ignore);

        StartsOn<OrderEvent.Placed>("waiting", (e, _) => new Watch(e.CustomerId), (move, _) => move.After(patience, TooLate));
        During("waiting")
            .When<PaymentEvent.Charged>((move, _) => move.With(move.Data with { Paid = true }).After(patience, TooLate))
            .When<OrderEvent.Confirmed>((move, _) => move, "confirmed")
            .When<OrderEvent.Cancelled>((move, _) => move, "cancelled")
            .WhenTimer(TooLate, move => move.Send("order", move.Id, new OrderCommand.Cancel(Reason)), "expiring");
        During("expiring")
            .When<OrderEvent.Cancelled>((move, _) => move, "cancelled")
            .WhenRejected<OrderCommand.Cancel>((move, _) => move, "kept");
    }

    /// <param name="CustomerId">Whose order it is.</param>
    /// <param name="Paid">Whether it has been paid.</param>
    public sealed record Watch(string CustomerId, bool Paid = false);
}

/// <summary>How long orders may wait.</summary>
public sealed class OrderExpiryOptions
{
    /// <summary>An order that is not confirmed so long after it was placed, or paid, is cancelled. Default: 24 hours.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromHours(24);
}

[GrainType(OrderExpiry.Name)]
public sealed class OrderExpiryGrain : ProcessGrain<OrderExpiry>;

public static class OrderExpiryRegistration
{
    /// <summary>Adds the process that cancels orders which nobody confirms in time; <see cref="CommerceRegistration.AddCommerce"/> does not.</summary>
    public static LoireBuilder AddOrderExpiry(this LoireBuilder loire, Action<OrderExpiryOptions>? configure = null)
    {
        loire.Services.AddOptions<OrderExpiryOptions>()
            .Configure(configure ?? (_ => { }))
            .Validate(o => o.Patience > TimeSpan.Zero, "OrderExpiry:Patience must be more than zero.")
            .ValidateOnStart();
        return loire.AddProcess<OrderExpiryGrain, OrderExpiry>();
    }
}
