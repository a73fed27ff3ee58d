using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Payments.Processing;

/// <summary>What is asked of the provider for one payment by card.</summary>
public abstract record CardPaymentCommand
{
    /// <summary>Asks the provider for something; nothing happens if the same run has asked for it before.</summary>
    /// <param name="Operation">What.</param>
    /// <param name="Run">Which run of the step asks; 1 or more.</param>
    /// <param name="Amount">How much.</param>
    /// <param name="Card">Of which card.</param>
    public sealed record Ask(CardOperation Operation, int Run, Money Amount, string Card) : CardPaymentCommand, IValidated
    {
        public void Validate(Validation validation)
        {
            validation.Text(Card, 200);
            validation.Require(Run >= 1, "run", "1 or more is needed.");
        }
    }

    /// <summary>Gives back what was authorised; nothing happens if nothing was asked for.</summary>
    public sealed record Void : CardPaymentCommand;
}

public abstract record CardPaymentEvent
{
    public sealed record Asked(CardOperation Operation, int Run, Money Amount, string Card) : CardPaymentEvent;

    public sealed record Voided(string Card) : CardPaymentEvent;
}

public enum CardOperation
{
    Authorize,
    Capture,
    Settle,
}

public enum CardPaymentStatus
{
    Asked,
    Voided,
}

/// <summary>A payment by card, as far as the provider was asked for it. What it has answered stands in the saga.</summary>
public sealed record CardPayment(Money Amount = default, CardPaymentStatus? Status = null)
{
    [JsonIgnore]
    public string Card { get; init; } = "";

    [JsonIgnore]
    public ImmutableHashSet<(CardOperation Operation, int Run)> Asked { get; init; } = [];
}

public sealed class CardPaymentDecider : IDecider<CardPaymentCommand, CardPayment, CardPaymentEvent>
{
    public CardPayment Initial { get; } = new();

    public Decision<CardPaymentEvent> Decide(CardPaymentCommand command, CardPayment state, CommandContext context) => (command, state.Status) switch
    {
        (CardPaymentCommand.Ask, CardPaymentStatus.Voided) => new Rejection("voided", "The payment has been given back."),
        (CardPaymentCommand.Ask ask, _) => state.Asked.Contains((ask.Operation, ask.Run))
            ? Array.Empty<CardPaymentEvent>()
            : new CardPaymentEvent.Asked(ask.Operation, ask.Run, ask.Amount, ask.Card),
        (CardPaymentCommand.Void, CardPaymentStatus.Asked) => new CardPaymentEvent.Voided(state.Card),
        (CardPaymentCommand.Void, _) => Array.Empty<CardPaymentEvent>(),
        _ => throw new NotSupportedException($"No command of a payment by card: {command}"),
    };

    public CardPayment Evolve(CardPayment state, CardPaymentEvent @event) => @event switch
    {
        CardPaymentEvent.Asked asked => new CardPayment(asked.Amount, CardPaymentStatus.Asked)
        {
            Card = asked.Card, Asked = state.Asked.Add((asked.Operation, asked.Run)),
        },
        CardPaymentEvent.Voided => state with { Status = CardPaymentStatus.Voided },
        _ => throw new NotSupportedException($"No event of a payment by card: {@event}"),
    };
}

[GrainType("card-payment")]
public sealed class CardPaymentGrain : AggregateGrain<CardPaymentCommand, CardPayment, CardPaymentEvent>;
