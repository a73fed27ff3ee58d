using Loire.Reactors;

namespace Commerce.Payments.Processing;

/// <summary>Takes to the provider what was asked of it.</summary>
public sealed class PaymentDesk : Reactor
{
    public PaymentDesk(IPaymentProvider provider)
        : base("payment-desk")
    {
        On<CardPaymentEvent.Asked>((asked, delivery) => provider.Ask(
            new ProviderRequest(delivery.Event.AggregateId, asked.Operation, asked.Run, asked.Amount, asked.Card), delivery.Cancellation));
        On<CardPaymentEvent.Voided>((_, delivery) => provider.Void(delivery.Event.AggregateId, delivery.Cancellation));
    }
}
