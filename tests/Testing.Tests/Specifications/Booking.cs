using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Testing.Tests.Specifications;

/// <summary>A trip: its price is kept, a hotel and a flight are asked for at the same time, then it is paid for good.</summary>
public sealed class Booking : Saga<Booking.Context>
{
    public Booking(StepRetry? retry = null)
        : base("booking")
    {
        StartsOn<AccountEvent.Opened>((e, info) => new Context(info.AggregateId, e.InitialBalance));
        Deadline(TimeSpan.FromDays(30));

        Step("keep-price")
            .Execute(trip => [Send("account", trip.Customer, new AccountCommand.Withdraw(trip.Price))])
            .Compensate(trip => [Send("account", trip.Customer, new AccountCommand.Deposit(trip.Price))])
            .Retry(new StepRetry { Attempts = 3, On = ["insufficient-funds"] });
        Parallel(
            "ask",
            Step("ask-hotel")
                .Execute((trip, run) => [Send("account", "hotel", new AccountCommand.Open($"{trip.Customer}/{run.Number}", trip.Price))])
                .Compensate(trip => [Send("account", "hotel", new AccountCommand.Close())])
                .WaitsForAnswer<Room>((trip, room) => trip with { Room = room.Number })
                .Timeout(TimeSpan.FromHours(1))
                .Retry(retry ?? new StepRetry()),
            Step("ask-flight")
                .Execute(trip => [Send("account", "flight", new AccountCommand.Open(trip.Room ?? "no room yet", trip.Price))])
                .Compensate(trip => [Send("account", "flight", new AccountCommand.Close())])
                .WaitsForAnswer());
        Step("pay")
            .Execute(trip => [Send("account", trip.Room!, new AccountCommand.Deposit(trip.Price))])
            .PointOfNoReturn();
        Step("thank")
            .Execute(trip => [Send("account", trip.Customer, new AccountCommand.Close())]);
    }

    public sealed record Context(string Customer, Money Price, string? Room = null);

    public sealed record Room(string Number);
}
