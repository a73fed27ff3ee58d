using Commerce.Accounts;
using Commerce.Orders;
using Commerce.Values;

namespace Loire.Testing.Tests.Specifications;

public sealed class AggregateSpecificationTests
{
    private static readonly AggregateSpecification<AccountCommand, Account, AccountEvent> Open =
        Specify.Aggregate(new AccountDecider()).Given(new AccountEvent.Opened("ada", Money.Of(100)));

    [Fact]
    public void Events_follow_from_a_command() =>
        Open.When(new AccountCommand.Deposit(Money.Of(5))).Then(new AccountEvent.Deposited(Money.Of(5)));

    [Fact]
    public void A_command_is_decided_on_the_events_before_it() => Open
        .Given(new AccountEvent.Withdrawn(Money.Of(90)))
        .When(new AccountCommand.Withdraw(Money.Of(11)))
        .ThenRejected("insufficient-funds")
        .ThenRejected("insufficient-funds", "The balance is 10.00.");

    [Fact]
    public void Commands_may_follow_each_other() => Open
        .When(new AccountCommand.Withdraw(Money.Of(100))).Then(new AccountEvent.Withdrawn(Money.Of(100)))
        .When(new AccountCommand.Close()).Then(new AccountEvent.Closed()).ThenState(a => a.IsActive, expected: false)
        .WhenRepeated().ThenRejected("account-closed");

    [Fact]
    public void The_state_is_seen_whole_and_in_part() => Open
        .When(new AccountCommand.Deposit(Money.Of(5)))
        .ThenState(new Account("ada", Money.Of(105), IsActive: true))
        .ThenState(a => a.Balance, Money.Of(105));

    [Fact]
    public void Commands_can_be_given_instead_of_events() => Specify.Aggregate(new AccountDecider())
        .GivenCommands(new AccountCommand.Open("ada", Money.Of(100)), new AccountCommand.Deposit(Money.Of(1)))
        .When(new AccountCommand.Withdraw(Money.Of(101)))
        .Then(new AccountEvent.Withdrawn(Money.Of(101)));

    [Fact]
    public void The_context_of_a_command_can_be_said()
    {
        var noon = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        OrderItem item = new("lamp", Quantity.Of(2), Money.Of(10));
        Specify.Aggregate(new OrderDecider()).WithId("o-1").By("ada").At(noon)
            .When(new OrderCommand.Place("ada", [item], "card"))
            .Then(new OrderEvent.Placed("ada", [item], Money.Of(20), "card", noon));
    }

    [Fact]
    public void A_malformed_payload_is_refused_before_it_is_decided() => Specify.Aggregate(new OrderDecider())
        .When(new OrderCommand.Place("ada", [], "card"))
        .ThenInvalid("items");

    [Fact]
    public void Other_events_fail_and_the_first_that_differs_is_named() => Failing.MessageOf(() => Open
        .When(new AccountCommand.Deposit(Money.Of(5))).Then(new AccountEvent.Deposited(Money.Of(6)))).ShouldBe(
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
    public void An_event_of_another_type_fails() => Failing.MessageOf(() => Open
        .When(new AccountCommand.Deposit(Money.Of(5))).Then(new AccountEvent.Withdrawn(Money.Of(5)))).ShouldEndWith(
        """
        difference
          event 1: expected withdrawn, got deposited
        """);

    [Fact]
    public void Missing_and_superfluous_events_fail()
    {
        Failing.MessageOf(() => Open
            .When(new AccountCommand.Deposit(Money.Of(5)))
            .Then(new AccountEvent.Deposited(Money.Of(5)), new AccountEvent.Closed()))
            .ShouldEndWith("event 2: expected closed, got nothing");
        Failing.MessageOf(() => Open.When(new AccountCommand.Deposit(Money.Of(5))).ThenNothing())
            .ShouldEndWith("event 1: expected nothing, got deposited");
    }

    [Fact]
    public void Items_of_lists_are_compared_one_by_one()
    {
        OrderItem lamp = new("lamp", Quantity.Of(2), Money.Of(10));
        OrderItem chair = new("chair", Quantity.Of(1), Money.Of(10));
        var placed = Specify.Aggregate(new OrderDecider()).When(new OrderCommand.Place("ada", [lamp, chair], "card"));
        var now = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

        Failing.MessageOf(() => placed.Then(new OrderEvent.Placed("ada", [lamp, chair with { ProductId = "table" }], Money.Of(30), "card", now)))
            .ShouldEndWith("""event 1 (placed), items[1], productId: expected "table", got "chair" """.TrimEnd());
        Failing.MessageOf(() => placed.Then(new OrderEvent.Placed("ada", [lamp], Money.Of(30), "card", now)))
            .ShouldEndWith("""event 1 (placed), items[1]: expected nothing, got {"productId":"chair","quantity":1,"price":10.00}""");
    }

    [Fact]
    public void A_rejection_where_events_were_expected_fails() => Failing.MessageOf(() => Open
        .When(new AccountCommand.Withdraw(Money.Of(101))).Then(new AccountEvent.Withdrawn(Money.Of(101)))).ShouldBe(
        """
        The events are not those that were expected.
        given
          opened {"ownerId":"ada","initialBalance":100.00}
        when
          withdraw {"amount":101.00}
        expected
          withdrawn {"amount":101.00}
        got
          rejected: insufficient-funds, The balance is 100.00.
        difference
          the command is not accepted
        """);

    [Fact]
    public void Another_rejection_fails() => Failing.MessageOf(() => Open
        .When(new AccountCommand.Withdraw(Money.Of(101))).ThenRejected("account-closed")).ShouldBe(
        """
        The command is not rejected as it was expected.
        given
          opened {"ownerId":"ada","initialBalance":100.00}
        when
          withdraw {"amount":101.00}
        expected
          rejected: account-closed
        got
          rejected: insufficient-funds, The balance is 100.00.
        """);

    [Fact]
    public void No_rejection_fails() => Failing.MessageOf(() => Specify.Aggregate(new AccountDecider())
        .When(new AccountCommand.Open("ada", Money.Of(1))).ThenRejected("already-open")).ShouldBe(
        """
        The command is not rejected as it was expected.
        given
          nothing
        when
          open {"ownerId":"ada","initialBalance":1.00}
        expected
          rejected: already-open
        got
          opened {"ownerId":"ada","initialBalance":1.00}
        """);

    [Fact]
    public void A_good_payload_fails_where_a_malformed_one_was_expected() => Failing.MessageOf(() => Open
        .When(new AccountCommand.Close()).ThenInvalid("reason")).ShouldStartWith("The payload is not refused as it was expected.");

    [Fact]
    public void Another_state_fails_and_the_member_is_named()
    {
        var outcome = Open.When(new AccountCommand.Deposit(Money.Of(5)));

        Failing.MessageOf(() => outcome.ThenState(new Account("bob", Money.Of(105), IsActive: true)))
            .ShouldEndWith("""state, ownerId: expected "bob", got "ada" """.TrimEnd());
        Failing.MessageOf(() => outcome.ThenState(account => account.Balance, Money.Of(6)))
            .ShouldEndWith("account => account.Balance: expected 6.00, got 105.00");
    }

    [Fact]
    public void A_command_that_was_given_and_is_not_accepted_fails() => Failing.MessageOf(() => Open
        .GivenCommands(new AccountCommand.Withdraw(Money.Of(101)))).ShouldStartWith("A command that was given is not accepted.");
}
