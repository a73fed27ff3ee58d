using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;

namespace Loire.Tests.Sagas;

/// <summary>
/// Pays for a tour, then books three things at the same time: one waits for an answer, one is tried again for as long as
/// there are no miles, one may be rejected. Then the agency is paid.
/// </summary>
public sealed class Tour : Saga<Tour.Context>
{
    public const string Name = "tour";

    public Tour()
        : base(Name)
    {
        Step("pay")
            .Execute(_ => [Take("purse", 9)])
            .Compensate(_ => [Give("purse", 9)]);
        Parallel(
            "bookings",
            Step("hotel")
                .Execute(_ => [Give("hotel", 1)])
                .Compensate(_ => [Take("hotel", 1)])
                .WaitsForAnswer<Room>((tour, room) => tour with { Room = room.Number })
                .Timeout(TimeSpan.FromDays(30)),
            Step("flight")
                .Execute(_ => [Take("miles", 2)])
                .Compensate(_ => [Give("miles", 2)])
                .Retry(new StepRetry
                {
                    Attempts = 1000, On = ["insufficient-funds"], Initial = TimeSpan.FromMinutes(1), Largest = TimeSpan.FromMinutes(1),
                }),
            Step("visa")
                .Execute(_ => [Take("visa", 3)])
                .Compensate(_ => [Give("visa", 3)]));
        Step("agency").Execute(tour => [Send("account", tour.Room!, new AccountCommand.Deposit(Money.Of(9)))]);
    }

    private static SagaCommand Take(string account, int amount) => Send("account", account, new AccountCommand.Withdraw(Money.Of(amount)));

    private static SagaCommand Give(string account, int amount) => Send("account", account, new AccountCommand.Deposit(Money.Of(amount)));

    public sealed record Context(string? Room = null);

    public sealed record Room(string Number);
}

[GrainType(Tour.Name)]
internal sealed class TourGrain : SagaGrain<Tour>;
