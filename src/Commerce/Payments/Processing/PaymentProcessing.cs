using System.Text.Json;
using Commerce.Values;
using Loire.Sagas;

namespace Commerce.Payments.Processing;

/// <summary>
/// A payment by card: the provider authorises it, captures the money, and settles. Until the money is captured the payment
/// can be given back; after that it goes on until it is settled.
/// </summary>
public sealed class PaymentProcessing : Saga<PaymentProcessing.Context>
{
    public const string Name = "payment-processing";
    public const string Busy = "provider-busy";

    public PaymentProcessing()
        : base(Name)
    {
        Step(StepOf(CardOperation.Authorize))
            .Execute((payment, run) => [Ask(payment, CardOperation.Authorize, run)])
            .Compensate(payment => [Send("card-payment", payment.PaymentId, new CardPaymentCommand.Void())])
            .WaitsForAnswer<ProviderAnswer>((payment, answer) => payment with { Authorization = answer.Reference })
            .Timeout(TimeSpan.FromSeconds(30))
            .Retry(AskAgain with { Attempts = 3 });
        Step(StepOf(CardOperation.Capture))
            .Execute((payment, run) => [Ask(payment, CardOperation.Capture, run)])
            .Compensate(payment => [Send("card-payment", payment.PaymentId, new CardPaymentCommand.Void())])
            .WaitsForAnswer()
            .Timeout(TimeSpan.FromSeconds(30))
            .Retry(AskAgain with { Attempts = 3 })
            .PointOfNoReturn();
        Step(StepOf(CardOperation.Settle))
            .Execute((payment, run) => [Ask(payment, CardOperation.Settle, run)])
            .WaitsForAnswer()
            .Timeout(TimeSpan.FromMinutes(10))
            .Retry(AskAgain with { Attempts = 1000, Largest = TimeSpan.FromHours(1) });
    }

    private static StepRetry AskAgain => new() { On = [Busy, "timed-out"] };

    /// <summary>The step that waits for the answer to an operation.</summary>
    public static string StepOf(CardOperation operation) => JsonNamingPolicy.KebabCaseLower.ConvertName(operation.ToString());

    private static SagaCommand Ask(Context payment, CardOperation operation, StepRun run) => Send(
        "card-payment", payment.PaymentId, new CardPaymentCommand.Ask(operation, run.Number, payment.Amount, payment.Card));

    /// <param name="PaymentId">The payment's id, which is the saga's.</param>
    /// <param name="Amount">How much.</param>
    /// <param name="Card">Of which card.</param>
    /// <param name="Authorization">What the provider calls its authorisation.</param>
    public sealed record Context(string PaymentId, Money Amount, string Card, string? Authorization = null);
}

[GrainType(PaymentProcessing.Name)]
public sealed class PaymentProcessingGrain : SagaGrain<PaymentProcessing>;
