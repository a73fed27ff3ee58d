using Commerce.Accounts;
using Commerce.Values;
using Loire.Hosting;
using Loire.Processes;
using Loire.Subscriptions;

namespace Loire.Tests.Processes;

/// <summary>Takes a fee of every deposit until an account is closed. What it does not know leads to each kind of trouble.</summary>
internal sealed class Overdrafts : ProcessManager<Overdrafts.Fees>
{
    public const string Name = "overdrafts";

    public Overdrafts()
        : base(Name)
    {
        On<AccountEvent.Opened>((_, info) => info.AggregateId);
        On<AccountEvent.Deposited>((_, info) => info.AggregateId);
        On<AccountEvent.Withdrawn>((_, info) => info.AggregateId);
        On<AccountEvent.Closed>((_, info) => info.AggregateId);
        Timer("tick");
        Final("closed", "given-up");
        Otherwise(Unexpected.Ignore);
        AfterEnd(Unexpected.Park);

        StartsOn<AccountEvent.Opened>("open", (_, _) => new Fees(0));
        During("open")
            .When<AccountEvent.Deposited>((move, e) => e.Amount.Amount switch
            {
                13 => throw new InvalidOperationException("13 is bad luck"),
                14 => move.Send("nobody", move.Id, new AccountCommand.Withdraw(Money.Of(1))),
                _ => move.Send("account", move.Id, new AccountCommand.Withdraw(e.Amount * 2)),
            })
            .When<AccountEvent.Withdrawn>((move, _) => move.With(new Fees(move.Data.Taken + 1)))
            .WhenRejected<AccountCommand.Withdraw>((move, _) => move.With(new Fees(-1)), "refused")
            .Unexpected<AccountEvent.Closed>(Unexpected.Park);
        During("refused")
            .When<AccountEvent.Closed>((move, _) => move, "closed")
            .When<AccountEvent.Withdrawn>((move, _) => move.After(TimeSpan.FromDays(1), "tick"))
            .WhenTimer("tick", move => move, "given-up")
            .Unexpected<AccountEvent.Deposited>(Unexpected.Fail);
    }

    /// <param name="Taken">How many; negative when one was refused.</param>
    public sealed record Fees(int Taken);
}

[GrainType(Overdrafts.Name)]
internal sealed class OverdraftsGrain : ProcessGrain<Overdrafts>;

internal static class OverdraftsRegistration
{
    public static LoireBuilder AddOverdrafts(this LoireBuilder loire) => loire
        .AddAggregate<AccountGrain, AccountDecider>()
        .AddProcess<OverdraftsGrain, Overdrafts>(StartFrom.Beginning);
}
