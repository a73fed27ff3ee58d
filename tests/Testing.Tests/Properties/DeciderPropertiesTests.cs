using Commerce.Accounts;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Testing.Tests.Specifications;

namespace Loire.Testing.Tests.Properties;

public sealed class DeciderPropertiesTests
{
    private static AccountCommand Random(Random random) => random.Next(4) switch
    {
        0 => new AccountCommand.Open("ada", Money.Of(random.Next(100))),
        1 => new AccountCommand.Deposit(Money.Of(random.Next(1, 100))),
        2 => new AccountCommand.Withdraw(Money.Of(random.Next(1, 100))),
        _ => new AccountCommand.Close(),
    };

    [Fact]
    public void They_hold_for_a_sound_decider() => Specify.Properties(new AccountDecider())
        .Always("The balance is never negative", (account, _) => account.Balance.Amount >= 0)
        .CheckSeeds(Random);

    [Fact]
    public void What_does_not_hold_is_reported_with_the_fewest_commands_and_the_seed() => Failing.MessageOf(() => Specify
        .Properties(new AccountDecider())
        .Always("Nothing is ever withdrawn", (_, events) => !events.OfType<AccountEvent.Withdrawn>().Any())
        .CheckSeeds(Random, seed: 3)).ShouldBe(
        """
        It does not always hold: Nothing is ever withdrawn
        events
          opened {"ownerId":"ada","initialBalance":99.00}
          withdrawn {"amount":38.00}
        state
          {"ownerId":"ada","balance":61.00,"isActive":true}
        commands
          open {"ownerId":"ada","initialBalance":99.00}
          withdraw {"amount":38.00}
        seed
          3
        """);

    [Fact]
    public void Commands_of_another_library_can_be_checked() => Failing.MessageOf(() => Specify.Properties(new AccountDecider())
        .RetriesAddNothing()
        .Check([new AccountCommand.Open("ada", Money.Of(1)), new AccountCommand.Deposit(Money.Of(2))])).ShouldBe(
        """
        A command that came again added something.
        command
          deposit {"amount":2.00}
        added
          deposited {"amount":2.00}
        events
          opened {"ownerId":"ada","initialBalance":1.00}
          deposited {"amount":2.00}
        state
          {"ownerId":"ada","balance":3.00,"isActive":true}
        commands
          open {"ownerId":"ada","initialBalance":1.00}
          deposit {"amount":2.00}
        """);

    [Fact]
    public void A_decider_that_keeps_something_to_itself_is_found() =>
        MessageOf(new OddDecider { Counting = true }).ShouldStartWith("Deciding the same twice does not give the same.");

    [Fact]
    public void A_fold_that_throws_is_found() => MessageOf(new OddDecider { ThrowsAt = 2 })
        .ShouldStartWith("Evolve threw on filled: InvalidOperationException: Two is too much.");

    [Fact]
    public void A_decider_that_throws_is_found() => Failing.MessageOf(() => Specify.Properties(new JarDecider()).Check([new JarCommand.Break()]))
        .ShouldStartWith("The decider threw on break: NotSupportedException: Jars do not break.");

    [Fact]
    public void A_fold_that_is_not_pure_is_found() => MessageOf(new OddDecider { FoldsCount = true })
        .ShouldStartWith("Folding the same event twice does not give the same.");

    [Fact]
    public void An_event_that_loses_something_in_the_log_is_found() => Failing.MessageOf(
        () => Specify.Properties(new JarDecider()).Check([new JarCommand.Label("jam")]))
        .ShouldStartWith("The event labelled does not come back from its stored form as it went in.");

    private static string MessageOf(OddDecider decider) =>
        Failing.MessageOf(() => Specify.Properties(decider).Check([new JarCommand.Fill(1), new JarCommand.Fill(2)]));

    /// <summary>A decider with a defect of one's choice.</summary>
    private sealed class OddDecider : IDecider<JarCommand, Jar, JarEvent>
    {
        private int _count;

        public bool Counting { get; init; }

        public bool FoldsCount { get; init; }

        public int ThrowsAt { get; init; } = int.MaxValue;

        public Jar Initial { get; } = new(0);

        public Decision<JarEvent> Decide(JarCommand command, Jar state, CommandContext context) =>
            new JarEvent.Filled(((JarCommand.Fill)command).Cookies + (Counting ? _count++ : 0));

        public Jar Evolve(Jar state, JarEvent @event)
        {
            var cookies = ((JarEvent.Filled)@event).Cookies;
            return cookies >= ThrowsAt
                ? throw new InvalidOperationException("Two is too much.")
                : new Jar(state.Cookies + cookies + (FoldsCount ? _count++ : 0));
        }
    }
}
