using Commerce.Values;
using Loire.Aggregates;
using Loire.Commands;

namespace Commerce.Accounts;

public abstract record AccountCommand
{
    public sealed record Open(string OwnerId, Money InitialBalance) : AccountCommand, IValidated
    {
        public void Validate(Validation validation) => validation.Id(OwnerId);
    }

    public sealed record Deposit(Money Amount) : AccountCommand;

    public sealed record Withdraw(Money Amount) : AccountCommand;

    public sealed record Close : AccountCommand;
}

public abstract record AccountEvent
{
    public sealed record Opened(string OwnerId, Money InitialBalance) : AccountEvent;

    public sealed record Deposited(Money Amount) : AccountEvent;

    public sealed record Withdrawn(Money Amount) : AccountEvent;

    public sealed record Closed : AccountEvent;
}

/// <summary>An account with a balance that never falls below zero.</summary>
public sealed record Account(string? OwnerId = null, Money Balance = default, bool IsActive = false)
{
    internal bool Exists => OwnerId is not null;
}

public sealed class AccountDecider : IDecider<AccountCommand, Account, AccountEvent>
{
    public Account Initial { get; } = new();

    public Decision<AccountEvent> Decide(AccountCommand command, Account state, CommandContext context) => (command, state) switch
    {
        (AccountCommand.Open open, { Exists: false }) => new AccountEvent.Opened(open.OwnerId, open.InitialBalance),
        (AccountCommand.Open, _) => new Rejection("already-open", "The account has been opened already."),
        (_, { Exists: false }) => new Rejection("not-open", "The account has not been opened."),
        (_, { IsActive: false }) => new Rejection("account-closed", "The account is closed."),
        (AccountCommand.Deposit { Amount.Amount: 0 } or AccountCommand.Withdraw { Amount.Amount: 0 }, _) =>
            new Rejection("amount-is-zero", "The amount must be more than zero."),
        (AccountCommand.Deposit deposit, _) => Money.TryOf(state.Balance.Amount + deposit.Amount.Amount) is null
            ? new Rejection("balance-too-large", "The account cannot hold that much.")
            : new AccountEvent.Deposited(deposit.Amount),
        (AccountCommand.Withdraw withdraw, _) => withdraw.Amount > state.Balance
            ? new Rejection("insufficient-funds", $"The balance is {state.Balance}.")
            : new AccountEvent.Withdrawn(withdraw.Amount),
        (AccountCommand.Close, { Balance.Amount: > 0 }) => new Rejection("balance-not-zero", $"The balance is {state.Balance}."),
        (AccountCommand.Close, _) => new AccountEvent.Closed(),
        _ => throw new NotSupportedException($"No command of an account: {command}"),
    };

    public Account Evolve(Account state, AccountEvent @event) => @event switch
    {
        AccountEvent.Opened opened => new Account(opened.OwnerId, opened.InitialBalance, IsActive: true),
        AccountEvent.Deposited deposited => state with { Balance = state.Balance + deposited.Amount },
        AccountEvent.Withdrawn withdrawn => state with { Balance = state.Balance - withdrawn.Amount },
        AccountEvent.Closed => state with { IsActive = false },
        _ => throw new NotSupportedException($"No event of an account: {@event}"),
    };
}

[GrainType("account")]
public sealed class AccountGrain : AggregateGrain<AccountCommand, Account, AccountEvent>;
