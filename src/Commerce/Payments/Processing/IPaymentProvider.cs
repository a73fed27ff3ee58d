using Commerce.Values;

namespace Commerce.Payments.Processing;

/// <summary>
/// Somebody outside who moves money. What is asked of it comes at least once, and it may answer late, more than once, or
/// never. It tells repetitions by <see cref="ProviderRequest.Key"/>, and moves the money of one key once.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Takes a request; the answer goes to the step of the saga that waits for it.</summary>
    /// <exception cref="Exception">It was not taken, and comes again.</exception>
    Task Ask(ProviderRequest request, CancellationToken cancellation);

    /// <summary>Gives back what was authorised under this payment, if anything was.</summary>
    /// <exception cref="Exception">It was not taken, and comes again.</exception>
    Task Void(string paymentId, CancellationToken cancellation);
}

/// <summary>What is asked of the provider.</summary>
/// <param name="PaymentId">The payment, and the saga.</param>
/// <param name="Operation">What, and the step of the saga.</param>
/// <param name="Run">Which run of the step asks: to be repeated in the answer.</param>
/// <param name="Amount">How much.</param>
/// <param name="Card">Of which card.</param>
public sealed record ProviderRequest(string PaymentId, CardOperation Operation, int Run, Money Amount, string Card)
{
    /// <summary>The same for every run: the money of one key is moved once.</summary>
    public string Key => $"{PaymentId}/{Step}";

    /// <summary>The step of the saga that waits for the answer.</summary>
    public string Step => PaymentProcessing.StepOf(Operation);
}

/// <summary>What the provider answers.</summary>
/// <param name="Reference">Its name for what it has done.</param>
public sealed record ProviderAnswer(string Reference);
