using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Tests.Sagas;

/// <summary>Takes money from one account, waits until somebody outside has agreed, and gives it to another.</summary>
public sealed class Trip : Saga<Trip.Context>
{
    public const string Name = "trip";

    // Orleans lets grains go when nobody has called them for 15 minutes, partly by the system's time: a clock that is moved by
    // more than that makes it refuse to activate any.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public Trip()
        : base(Name)
    {
        Step("take")
            .Execute(trip => [Send("account", trip.From, new AccountCommand.Withdraw(trip.Price))])
            .Compensate(trip => [Send("account", trip.From, new AccountCommand.Deposit(trip.Price))], Quickly)
            .Retry(Quickly with { Attempts = 1, StuckAfter = 2 });
        Step("agree")
            .Execute(trip => [Send("account", trip.Agent, new AccountCommand.Deposit(Money.Of(1)))])
            .Compensate(trip => [Send("account", trip.Agent, new AccountCommand.Withdraw(Money.Of(1)))], Quickly)
            .WaitsForAnswer<Agreement>((trip, agreement) => trip with { To = agreement.To })
            .Timeout(Patience);
        Step("give")
            .Execute(trip => [Send("account", trip.To!, new AccountCommand.Deposit(trip.Price))])
            .PointOfNoReturn();
        Step("close")
            .Execute(trip => [Send("account", trip.From, new AccountCommand.Close())]);
    }

    private static StepRetry Quickly => new() { Attempts = 2, Initial = TimeSpan.FromMilliseconds(1), Largest = TimeSpan.FromMilliseconds(1) };

    public sealed record Context(string From, string Agent, Money Price, string? To = null);

    public sealed record Agreement(string To);
}

[GrainType(Trip.Name)]
internal sealed class TripGrain : SagaGrain<Trip>;
