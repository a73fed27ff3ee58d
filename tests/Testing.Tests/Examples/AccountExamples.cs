using Commerce;
using Commerce.Accounts;
using Commerce.Values;

namespace Loire.Testing.Tests.Examples;

/// <summary>The examples of docs/testing.md, and that of README.md.</summary>
public sealed class AccountExamples
{
    private static readonly AggregateSpecification<AccountCommand, Account, AccountEvent> Account =
        Specify.Aggregate(new AccountDecider());

    [Fact]
    public void What_was_deposited_can_be_withdrawn() => Account
        .Given(new AccountEvent.Opened("ada", Money.Of(100)), new AccountEvent.Deposited(Money.Of(20)))
        .When(new AccountCommand.Withdraw(Money.Of(120)))
        .Then(new AccountEvent.Withdrawn(Money.Of(120)))
        .ThenState(account => account.Balance, Money.Zero);

    [Fact]
    public void More_than_the_balance_cannot_be_withdrawn() => Account
        .Given(new AccountEvent.Opened("ada", Money.Of(100)))
        .When(new AccountCommand.Withdraw(Money.Of(101)))
        .ThenRejected("insufficient-funds");

    [Fact]
    public void An_account_is_not_overdrawn() =>
        Specify.Aggregate(new AccountDecider())
            .Given(new AccountEvent.Opened("ada", Money.Of(100)))
            .When(new AccountCommand.Withdraw(Money.Of(101)))
            .ThenRejected("insufficient-funds");

    [Fact]
    public void An_account_needs_an_owner() => Account
        .When(new AccountCommand.Open("", Money.Of(100)))
        .ThenInvalid("ownerId");

    [Fact]
    public void A_closed_account_stays_closed() => Account
        .GivenCommands(new AccountCommand.Open("ada", Money.Zero))
        .When(new AccountCommand.Close()).Then(new AccountEvent.Closed())
        .When(new AccountCommand.Deposit(Money.Of(1))).ThenRejected("account-closed");

    [Fact]
    public void A_failure_names_the_member_that_differs() => Should.Throw<SpecificationException>(() => Account
        .Given(new AccountEvent.Opened("ada", Money.Of(100)))
        .When(new AccountCommand.Deposit(Money.Of(5)))
        .Then(new AccountEvent.Deposited(Money.Of(6)))).Message.ShouldBe(
        """
        The events are not those that were expected.
        given
          opened {"ownerId":"ada","initialBalance":100.00}
        when
          deposit {"amount":5.00}
        expected
          deposited {"amount":6.00}
        got
          deposited {"amount":5.00}
        difference
          event 1 (deposited), amount: expected 6.00, got 5.00
        """);

    [Fact]
    public void An_account_never_owes() => Specify.Properties(new AccountDecider())
        .Always("The balance is not negative", (account, events) => account.Balance.Amount >= 0)
        .CheckSeeds(random => random.Next(4) switch
        {
            0 => new AccountCommand.Open("ada", Money.Of(random.Next(100))),
            1 => new AccountCommand.Deposit(Money.Of(random.Next(100))),
            2 => new AccountCommand.Withdraw(Money.Of(random.Next(100))),
            _ => new AccountCommand.Close(),
        });

    [Fact]
    public void Every_event_comes_back_from_the_log_as_it_went_in() =>
        EventTypes.Of(loire => loire.AddCommerce()).RoundTrip().ShouldContain("account.opened");
}
