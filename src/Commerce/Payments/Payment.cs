using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Payments;

public abstract record PaymentCommand
{
    public sealed record Charge(string OrderId, string CustomerId, Money Amount, string Method) : PaymentCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Id(OrderId);
            validation.Id(CustomerId);
            validation.Text(Method, 200);
        }
    }

    public sealed record Refund(string Reason) : PaymentCommand;
}

public abstract record PaymentEvent
{
    public sealed record Charged(string OrderId, string CustomerId, Money Amount, string Method) : PaymentEvent;

    public sealed record Declined(string OrderId, string CustomerId, Money Amount, string Method) : PaymentEvent;

    public sealed record Refunded(Money Amount, string Reason) : PaymentEvent;
}

public enum PaymentStatus
{
    Charged,
    Declined,
    Refunded,
}

/// <summary>The payment of one order. Its id is the order's id.</summary>
public sealed record Payment(Money Amount = default, PaymentStatus? Status = null);

public sealed class PaymentDecider : IDecider<PaymentCommand, Payment, PaymentEvent>
{
    /// <summary>The payment method that is always declined.</summary>
    public const string DeclinedMethod = "declined";

    public Payment Initial { get; } = new();

    public Decision<PaymentEvent> Decide(PaymentCommand command, Payment state, CommandContext context) => (command, state.Status) switch
    {
        (PaymentCommand.Charge { Method: DeclinedMethod } charge, null) =>
            new PaymentEvent.Declined(charge.OrderId, charge.CustomerId, charge.Amount, charge.Method),
        (PaymentCommand.Charge charge, null) =>
            new PaymentEvent.Charged(charge.OrderId, charge.CustomerId, charge.Amount, charge.Method),
        (PaymentCommand.Charge, PaymentStatus.Declined) => new Rejection("payment-declined", "The payment was declined."),
        (PaymentCommand.Charge, _) => new Rejection("already-charged", "The payment has been charged already."),
        (PaymentCommand.Refund refund, PaymentStatus.Charged) => new PaymentEvent.Refunded(state.Amount, refund.Reason),
        (PaymentCommand.Refund, _) => new Rejection("not-charged", "There is no charge to refund."),
        _ => throw new NotSupportedException($"No command of a payment: {command}"),
    };

    public Payment Evolve(Payment state, PaymentEvent @event) => @event switch
    {
        PaymentEvent.Charged charged => new Payment(charged.Amount, PaymentStatus.Charged),
        PaymentEvent.Declined declined => new Payment(declined.Amount, PaymentStatus.Declined),
        PaymentEvent.Refunded => state with { Status = PaymentStatus.Refunded },
        _ => throw new NotSupportedException($"No event of a payment: {@event}"),
    };
}

[GrainType("payment")]
public sealed class PaymentGrain : AggregateGrain<PaymentCommand, Payment, PaymentEvent>;
