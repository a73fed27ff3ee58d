using Commerce;
using Commerce.Accounts;
using Loire.Reactors;
using Loire.Subscriptions;
using Loire.Testing;

namespace Loire.Tests.Reactors;

/// <summary>Where a reactor begins, and which ones are refused.</summary>
public sealed class ReactorStartTests : MailerTests
{
    [Theory]
    [InlineData(StartFrom.End)]
    [InlineData(StartFrom.Beginning)]
    public async Task A_reactor_that_is_added_later_takes_in_what_was_before_only_if_it_is_told_to(StartFrom from)
    {
        var storage = new InMemoryStorage();
        await using (var before = await LoireTestCluster.Start(l => l.AddCommerce(), new() { Store = TestStore.InMemory(storage) }))
        {
            await Deposit(before, "a-1", 1);
        }

        await using var after = await Start(o => o.StartFrom = from, storage);
        await Deposit(after, "a-2", 2);
        await after.Reached("mailer");

        Script.Notes.Select(n => n.Amount).ShouldBe(from == StartFrom.End ? [2m] : [1m, 2m]);
    }

    [Fact]
    public async Task The_end_of_the_log_is_where_it_was_when_the_reactor_was_new()
    {
        var storage = new InMemoryStorage();
        await using (var cluster = await Start(storage: storage))
        {
            (await cluster.Views.Checkpoint("mailer", 0, TestContext.Current.CancellationToken)).ShouldBe(0);
        }

        // Nobody has handled anything yet, and the log was empty; what comes while no silo knows the reactor counts all the same.
        await using (var without = await LoireTestCluster.Start(l => l.AddCommerce(), new() { Store = TestStore.InMemory(storage) }))
        {
            await Deposit(without, "a-1", 1);
        }

        await using var again = await Start(storage: storage);
        await again.Reached("mailer");

        Script.Notes.Select(n => n.Amount).ShouldBe([1m]);
    }

    [Fact]
    public async Task A_reactor_is_refused_that_handles_an_event_twice_or_has_no_proper_name()
    {
        Should.Throw<InvalidOperationException>(() => new Twice()).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => new Named("Not/a name")).Message.ShouldContain("kebab-case");
        await Should.ThrowAsync<Exception>(() => Start(o => o.MaxConcurrency = 0));
    }

    private sealed class Twice : Reactor
    {
        public Twice()
            : base("twice")
        {
            On<AccountEvent.Deposited>((_, _) => Task.CompletedTask);
            On<AccountEvent.Deposited>((_, _) => Task.CompletedTask);
        }
    }

    private sealed class Named(string name) : Reactor(name);
}
