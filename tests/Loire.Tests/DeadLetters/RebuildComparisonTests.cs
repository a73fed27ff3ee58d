using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

/// <summary>Whether a rebuild is worse than what it replaces is told by which events fail, not by how many.</summary>
public sealed class RebuildComparisonTests
{
    [Fact]
    public async Task One_that_mends_an_event_and_fails_on_another_does_not_take_over()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);
        await host.Open("b");
        await host.Deposit("b", 14, 3);
        (await host.Of("b")).ShouldBe(" 14 3");
        host.Trouble.Over();
        host.Trouble.With(14);

        var failed = await host.Rebuilt();

        failed.State.ShouldBe(RebuildState.Failed);
        var letter = (await host.All()).Single(l => l.Error == "14 is bad luck");
        failed.LastError.ShouldBe(
            "1 of the 1 events that cannot be handled could be when the view was filled before. "
            + $"The first is event 6 ({letter.EventId}, account.deposited, account/b version 2): "
            + "14 is bad luck Resume the rebuild with deadLetters=accept, or cancel it.");
        (await host.Of("b")).ShouldBe(" 14 3");
    }

    [Fact]
    public async Task An_event_that_has_waited_may_fail_when_the_one_before_it_is_mended()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2, 14, 3);
        host.Trouble.Over();
        host.Trouble.With(14);

        var rebuilt = await host.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
        (await host.Of("a")).ShouldBe(" 1 13 2");
        await host.ShouldBeSound();
    }

    [Fact]
    public async Task An_aggregate_that_would_be_held_back_earlier_than_before_is_worse()
    {
        await using var host = await LettersHost.Start();
        await host.Park("a", 2);
        host.Trouble.Over();
        host.Trouble.With(1);

        var failed = await host.Rebuilt();

        failed.State.ShouldBe(RebuildState.Failed);
        failed.LastError!.ShouldContain("account/a version 2): 1 is bad luck");
    }

    [Fact]
    public async Task An_aggregate_that_went_on_without_an_event_and_would_be_held_back_by_it_is_worse()
    {
        var storage = new InMemoryStorage();
        var trouble = new Trouble();
        trouble.With(13);
        await using (var before = await LettersHost.Start(o => o.Then = FailureAction.Skip, store: TestStore.InMemory(storage), trouble: trouble))
        {
            await before.Open("a");
            await before.Deposit("a", 1, 13, 2);
            await before.Until(letters => letters is [{ State: DeadLetterState.Skipped }]);
            (await before.Of("a")).ShouldBe(" 1 2");
        }

        await using var after = await LettersHost.Start(o => o.Then = FailureAction.Park, store: TestStore.InMemory(storage), trouble: trouble);

        var failed = await after.Rebuilt();

        failed.State.ShouldBe(RebuildState.Failed);
        failed.LastError!.ShouldStartWith("1 of the 1 events");
        (await after.Of("a")).ShouldBe(" 1 2");
    }

    [Fact]
    public async Task An_event_that_the_view_has_not_come_to_yet_is_not_one_that_it_could_handle()
    {
        await using var host = await LettersHost.Start();
        await host.Open("a");
        await host.Deposit("a", 1);
        (await host.Of("a")).ShouldBe(" 1");
        await host.Subscription.Pause();
        host.Trouble.With(13);
        await host.Deposit("a", 13, 2);

        var rebuilt = await host.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
        rebuilt.SetAside.ShouldBe(2);
        await host.Subscription.Resume();
        (await host.Of("a")).ShouldBe(" 1");
        await host.ShouldBeSound();
        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(2, 0, 0));
        (await host.Of("a")).ShouldBe(" 1 13 2");
    }

    [Fact]
    public async Task What_was_compared_and_has_not_changed_since_is_not_compared_again()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2);
        await host.Park("b", 2, 3);

        // One for each event that fails.
        var again = faults.Before(StoreOperationKind.FindDocument, "dead-letters@1").Skip(2).Fails();
        var rebuilt = await host.Rebuilt();

        rebuilt.State.ShouldBe(RebuildState.Completed, rebuilt.LastError);
        again.Happened.IsCompleted.ShouldBeFalse();
        (await host.All()).Count(l => l.Generation == "deposits@1.2").ShouldBe(5);
    }

    [Fact]
    public async Task What_fails_only_after_it_was_compared_keeps_it_from_taking_over_too()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2);
        await Compared(host, faults, async () =>
        {
            await host.Deposit("a", 3);
            await host.Open("b");
            await host.Deposit("b", 14);
            (await host.Of("b")).ShouldBe(" 14");
            host.Trouble.With(14);
        });

        var failed = await host.Ended();
        failed.State.ShouldBe(RebuildState.Failed);
        failed.LastError!.ShouldStartWith("1 of the 2 events");
        (await host.Of("b")).ShouldBe(" 14");
    }

    [Fact]
    public async Task What_the_view_has_made_up_for_since_it_was_compared_keeps_it_from_taking_over_too()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        await host.Park("a", 2);
        await Compared(host, faults, async () =>
        {
            host.Trouble.Over();
            (await host.Letters.RetryAll()).ShouldBe(new RetryReport(2, 0, 0));
            host.Trouble.With(13);
        });

        (await host.Ended()).State.ShouldBe(RebuildState.Failed);
        (await host.Of("a")).ShouldBe(" 1 13 2");
    }

    [Fact]
    public async Task All_pages_of_what_failed_are_compared()
    {
        const int Accounts = 1_200;
        await using var host = await LettersHost.Start(o => (o.MaxAttempts, o.MaxFailingShare) = (1, 1));
        host.Trouble.With(13);
        for (var n = 0; n < Accounts; n++)
        {
            await host.Cluster.Given("account", $"a{n}", new AccountEvent.Deposited(Money.Of(n == 1_100 ? 14 : 13)));
        }

        await host.Cluster.Reached("deposits@1");
        (await host.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        host.Trouble.With(14);

        (await host.Rebuilt()).LastError!.ShouldStartWith("1 of the 1200 events that cannot be handled could be when the view was filled before. The first is event 1101 (");
    }

    [Fact]
    public async Task Events_that_have_failed_before_are_known_however_the_view_was_divided()
    {
        var storage = new InMemoryStorage();
        var trouble = new Trouble();
        await using (var one = await LettersHost.Start(store: TestStore.InMemory(storage), trouble: trouble))
        {
            await one.Park("a", 2);
            await one.Park("b", 14);
        }

        await using (var five = await LettersHost.Start<JournalOfFive>(store: TestStore.InMemory(storage), trouble: trouble))
        {
            var ended = await Upgraded(five, version: 2);
            ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
            await five.Open("c");
            await five.Deposit("c", 14, 3);
            (await five.Of("c")).ShouldBe(" 14 3");
        }

        trouble.With(14);
        await using var two = await LettersHost.Start<JournalOfTwo>(store: TestStore.InMemory(storage), trouble: trouble);
        var failed = await Upgraded(two, version: 3);
        failed.State.ShouldBe(RebuildState.Failed);
        failed.LastError!.ShouldStartWith("1 of the 3 events that cannot be handled could be when the view was filled before. The first is event 10 (");
    }

    // Does something when the rebuild has been compared with the view, and before it takes over.
    private static async Task Compared(LettersHost host, StoreFaults faults, Func<Task> meanwhile)
    {
        var held = faults.Before(StoreOperationKind.CommitView, "rebuilds/deposits").Skip(1).Holds();
        (await host.Rebuild.Start()).Refusal.ShouldBeNull();
        await held.Happened.WaitAsync(LoireHost.Limit);
        await meanwhile();
        held.Release();
    }

    private static async Task<RebuildPlan> Upgraded(LettersHost host, int version) => (await host.Until(
        () => host.Rebuild.Status(), plan => plan is { State: not RebuildState.Running } && plan.Version == version))!;

    private sealed class JournalOfFive(Trouble trouble) : DividedJournal(trouble, version: 2, partitions: 5);

    private sealed class JournalOfTwo(Trouble trouble) : DividedJournal(trouble, version: 3, partitions: 2);
}
