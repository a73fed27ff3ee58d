using Commerce.Accounts;
using Commerce.Values;
using Loire.Processes;

namespace Loire.Testing.Tests.Specifications;

public sealed class ProcessSpecificationTests
{
    private static readonly AccountEvent.Opened Opened = new("ada", Money.Of(5));

    [Fact]
    public void What_a_process_sends_sets_and_remembers_is_compared() => Specify.Process(new Savings(), "a-1")
        .When(Opened)
        .ThenState("saving")
        .ThenRemembers(new Savings.Goal(Money.Of(5)))
        .ThenTimers(("month", TimeSpan.FromDays(30)))
        .ThenSendsNothing()
        .When(new AccountEvent.Deposited(Money.Of(3)))
        .ThenRemembers(new Savings.Goal(Money.Of(8)))
        .ThenTimers(("month", TimeSpan.FromDays(30)))
        .WhenPasses(TimeSpan.FromDays(30))
        .ThenSends("account", "a-1", new AccountCommand.Deposit(Money.Of(1)))
        .ThenTimers()
        .ThenState("rewarded");

    [Fact]
    public void A_timer_that_sets_itself_comes_as_often_as_time_has_passed()
    {
        var process = Specify.Process(new Savings(), "a-1").Given(Opened).Given(new AccountEvent.Withdrawn(Money.Of(1)));

        process.WhenPasses(TimeSpan.FromDays(3)).ThenRemembers(new Savings.Goal(Money.Of(5), Reminders: 3))
            .ThenTimers(("day", TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Where_several_states_are_declared_the_handler_chooses() => Specify.Process(new Savings(), "a-1")
        .Given(Opened)
        .Given(new AccountEvent.Withdrawn(Money.Of(1)))
        .When(new AccountEvent.Deposited(Money.Of(1)))
        .ThenState("worried")
        .When(new AccountEvent.Deposited(Money.Of(2)))
        .ThenState("saving");

    [Fact]
    public void What_is_unexpected_is_ignored_parked_or_failed_on_as_declared()
    {
        Specify.Process(new Savings(), "a-1").When(new AccountEvent.Deposited(Money.Of(1))).ThenParked().ThenNotStarted();
        Specify.Process(new Savings(), "a-1").Given(Opened).When(Opened).ThenParked().ThenState("saving");
        Specify.Process(new Savings(), "a-1").Given(Opened).GivenPassed(TimeSpan.FromDays(30))
            .When(new AccountEvent.Withdrawn(Money.Of(1))).ThenFailed().ThenTimers()
            .When(new AccountEvent.Deposited(Money.Of(1))).ThenIgnored();
    }

    [Fact]
    public void A_specification_that_does_not_hold_says_why()
    {
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").When(Opened).ThenState("rewarded")).ShouldBe(
            """
            The process does not stand where it was expected.
            story
              when opened {"ownerId":"ada","initialBalance":5.00}
            expected
              rewarded
            sent
              nothing
            stands
              saving
            """);
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").Given(Opened).WhenPasses(TimeSpan.FromDays(30)).ThenSendsNothing())
            .ShouldContain("command 1: expected nothing, got account/a-1: deposit");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").When(Opened).ThenTimers(("month", TimeSpan.FromDays(31))))
            .ShouldContain("month in 30.00:00:00");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").When(Opened).ThenRemembers(new Savings.Goal(Money.Of(6))))
            .ShouldContain("data, saved: expected 6.00, got 5.00");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").When(Opened).ThenIgnored()).ShouldStartWith("Something follows");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").When(Opened).ThenParked()).ShouldStartWith("The event is not parked");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").Given(Opened, from: "a-2")).ShouldContain("concerns a-2 rather than");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").Given(new AccountEvent.Closed())).ShouldContain("does not care for closed");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").WhenRejected<AccountCommand.Deposit>("x")).ShouldContain("no such command");
    }

    [Fact]
    public void Every_mistake_of_a_definition_is_named() => Failing.MessageOf(() => Specify.Process(new Muddle())).ShouldBe(
        """
        The process muddle is defined wrongly.
        mistakes
          AccountEvent.Opened is correlated twice.
          one has two handlers for AccountEvent.Deposited.
          one has two handlers for the timer tick.
          AccountEvent.Closed is handled, but nothing says which instance it concerns.
          Events before the start can be ignored or parked; there is nothing that could fail.
          one leads to 'nowhere', which is no state.
          end is final, so nothing can happen in it.
          island cannot be reached.
          end cannot be reached.
          From one no final state can be reached.
          From island no final state can be reached.
          one has no handler for AccountEvent.Opened and does not say what becomes of it.
          island has no handler for AccountEvent.Opened and does not say what becomes of it.
          Nobody handles the timer never.
          The timer tick is handled but not declared.
        """);

    [Fact]
    public void A_process_needs_a_start_and_an_end() => Failing.MessageOf(() => Specify.Process(new Empty())).ShouldBe(
        """
        The process empty is defined wrongly.
        mistakes
          No event starts the process.
          There is no final state.
        """);

    [Fact]
    public void A_handler_that_goes_where_it_does_not_say_is_found()
    {
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").Given(Opened).When(new AccountEvent.Deposited(Money.Of(666))))
            .ShouldContain("goes to 'rewarded', but declares nothing");
        Failing.MessageOf(() => Specify.Process(new Savings(), "a-1").Given(Opened).When(new AccountEvent.Deposited(Money.Of(667))))
            .ShouldContain("declares no timer 'year'");
    }
}

/// <summary>Rewards whoever saves for a month.</summary>
internal sealed class Savings : ProcessManager<Savings.Goal>
{
    public Savings()
        : base("savings")
    {
        On<AccountEvent.Opened>((_, info) => info.AggregateId);
        On<AccountEvent.Deposited>((_, info) => info.AggregateId);
        On<AccountEvent.Withdrawn>((_, info) => info.AggregateId);
        Timer("month", "day");
        Final("done");
        BeforeStart(Unexpected.Park);
        Otherwise(Unexpected.Park);

        StartsOn<AccountEvent.Opened>(
            "saving", (e, _) => new Goal(e.InitialBalance), (move, _) => move.After(TimeSpan.FromDays(30), "month"));
        During("saving")
            .When<AccountEvent.Deposited>((move, e) => e.Amount.Amount switch
            {
                666 => move.GoTo("rewarded"),
                667 => move.After(TimeSpan.FromDays(365), "year"),
                _ => move.With(move.Data with { Saved = move.Data.Saved + e.Amount }),
            })
            .When<AccountEvent.Withdrawn>((move, _) => move.After(TimeSpan.FromDays(1), "day"), "worried")
            .WhenTimer("month", move => move.Send("account", move.Id, new AccountCommand.Deposit(Money.Of(1))), "rewarded");
        During("worried")
            .When<AccountEvent.Deposited>((move, e) => e.Amount.Amount > 1 ? move.GoTo("saving") : move, "saving", "done")
            .WhenTimer("day", move => move.With(move.Data with { Reminders = move.Data.Reminders + 1 }).After(TimeSpan.FromDays(1), "day"))
            .Otherwise(Unexpected.Ignore);
        During("rewarded")
            .When<AccountEvent.Deposited>((move, _) => move, "done")
            .Unexpected<AccountEvent.Withdrawn>(Unexpected.Fail);
    }

    public sealed record Goal(Money Saved, int Reminders = 0);
}

/// <summary>Everything that can be wrong, once.</summary>
internal sealed class Muddle : ProcessManager<Muddle.Nothing>
{
    public Muddle()
        : base("muddle")
    {
        On<AccountEvent.Opened>((_, info) => info.AggregateId);
        On<AccountEvent.Opened>((_, info) => info.AggregateId);
        On<AccountEvent.Deposited>((_, info) => info.AggregateId);
        Timer("never");
        Final("end");
        BeforeStart(Unexpected.Fail);

        StartsOn<AccountEvent.Opened>("one", (_, _) => new Nothing());
        During("one")
            .When<AccountEvent.Deposited>((move, _) => move, "nowhere")
            .When<AccountEvent.Deposited>((move, _) => move)
            .WhenTimer("tick", move => move)
            .WhenTimer("tick", move => move);
        During("island")
            .When<AccountEvent.Deposited>((move, _) => move)
            .When<AccountEvent.Closed>((move, _) => move);
        During("end");
    }

    public sealed record Nothing;
}

internal sealed class Empty() : ProcessManager<Muddle.Nothing>("empty");
