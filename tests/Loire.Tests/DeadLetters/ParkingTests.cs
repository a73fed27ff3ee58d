using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.Testing;

namespace Loire.Tests.DeadLetters;

public sealed class ParkingTests
{
    [Fact]
    public async Task An_event_that_fails_for_a_while_is_handled_in_its_place_and_others_do_not_wait_for_it()
    {
        await using var host = await LettersHost.Start(o => o.MaxAttempts = 1000);
        host.Trouble.With(13);
        await host.Open("a");
        await host.Open("b");
        await host.Deposit("a", 1, 13, 2);
        await host.Deposit("b", 5, 6);

        (await host.Of("b")).ShouldBe(" 5 6");
        (await host.Of("a")).ShouldBe(" 1");
        host.Trouble.Over();
        await host.Until(letters => letters.Count == 0);

        (await host.Of("a")).ShouldBe(" 1 13 2");
        (await host.Subscription.Status()).ShouldSatisfyAllConditions(
            s => s.HeldBack.ShouldBe(0), s => s.Failures.ShouldBe(0));
    }

    [Fact]
    public async Task An_event_that_always_fails_is_parked_with_what_is_known_of_it_and_its_aggregate_waits_behind_it()
    {
        await using var host = await LettersHost.Start();
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 1, 13, 2);
        var letters = await host.Until(all => all.Any(l => l.State == DeadLetterState.Parked));
        await host.Deposit("a", 3);

        (await host.Of("a")).ShouldBe(" 1");
        letters = await host.All();
        letters.Select(l => (l.State, l.Version)).ShouldBe(
            [(DeadLetterState.Parked, 3L), (DeadLetterState.Waiting, 4L), (DeadLetterState.Waiting, 5L)]);
        letters[0].ShouldSatisfyAllConditions(
            l => l.Id.ShouldBe("deposits@1:0:0000000000000003"),
            l => l.Queue.ShouldBe("deposits@1"),
            l => l.Stream.ShouldBe(new StreamName("account", "a")),
            l => l.Type.ShouldBe("account.deposited"),
            l => l.Data.ShouldContain("13"),
            l => l.Error.ShouldBe("13 is bad luck"),
            l => l.ErrorDetail!.ShouldContain(nameof(InvalidOperationException)),
            l => l.Attempts.ShouldBe(3),
            l => l.NextAttemptAt.ShouldBeNull(),
            l => l.LastFailedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task What_cannot_be_retried_is_parked_at_once()
    {
        await using var host = await LettersHost.Start(o => o.IsRetryable = e => e is not InvalidOperationException);
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 13);

        (await host.Of("a")).ShouldBeNull();
        (await host.All()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            l => l.State.ShouldBe(DeadLetterState.Parked), l => l.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task What_is_no_events_fault_parks_nothing()
    {
        await using var host = await LettersHost.Start();
        host.Trouble.With(13, new TimeoutException("too slow"));
        await host.Open("a");
        await host.Deposit("a", 13);
        await host.Until(() => Task.FromResult(host.Trouble.Thrown), thrown => thrown > 10);

        (await host.All()).ShouldBeEmpty();
        (await host.Subscription.Status()).Failures.ShouldBeGreaterThan(3);
        host.Trouble.Over();
        (await host.Of("a")).ShouldBe(" 13");
    }

    [Fact]
    public async Task A_store_that_fails_while_an_event_is_handled_parks_nothing()
    {
        var faults = new StoreFaults();
        await using var host = await LettersHost.Start(faults: faults);
        var fault = faults.Before(StoreOperationKind.FindDocument, "deposits@1").Times(5).Fails();
        await host.Open("a");
        await host.Deposit("a", 1, 2);
        await fault.Happened.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await host.Cluster.Reached("deposits@1");

        (await host.All()).ShouldBeEmpty();
        (await host.Of("a")).ShouldBe(" 1 2");
    }

    [Fact]
    public async Task Who_asks_for_a_checkpoint_does_not_make_a_failed_batch_count()
    {
        await using var host = await LettersHost.Start();
        host.Trouble.With(13, new TimeoutException("too slow"));
        await host.Open("a");
        await host.Until(() => host.Subscription.Status(), s => s.Position == 1);
        await host.Cluster.Given("account", "a", new AccountEvent.Deposited(Money.Of(5)), new AccountEvent.Deposited(Money.Of(13)));
        await host.Until(() => Task.FromResult(host.Trouble.Thrown), thrown => thrown > 0);

        await host.Cluster.Reached("deposits@1", 1);
        host.Trouble.Over();

        (await host.Of("a")).ShouldBe(" 5 13");
    }

    [Fact]
    public async Task With_the_policy_skip_an_event_is_given_up_and_leaves_a_record()
    {
        await using var host = await LettersHost.Start(o => o.Then = FailureAction.Skip);
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 1, 13, 2);
        await host.Until(letters => letters is [{ State: DeadLetterState.Skipped }]);

        (await host.Of("a")).ShouldBe(" 1 2");
        await host.Deposit("a", 3);
        (await host.Of("a")).ShouldBe(" 1 2 3");
    }

    [Fact]
    public async Task With_the_policy_stop_the_subscription_stands_until_the_event_can_be_handled()
    {
        await using var host = await LettersHost.Start(o => o.Then = FailureAction.Stop);
        host.Trouble.With(13);
        await host.Open("a");
        await host.Open("b");
        await host.Deposit("b", 5);
        await host.Deposit("a", 13);
        await host.Deposit("b", 6);
        var status = await host.Until(() => host.Subscription.Status(), s => s.Stopped);

        status.LastError!.ShouldContain("13 is bad luck");
        status.Position.ShouldBeLessThan(5);
        (await host.All()).ShouldBeEmpty();
        host.Trouble.Over();
        (await host.Of("a")).ShouldBe(" 13");
        (await host.Of("b")).ShouldBe(" 5 6");
        (await host.Subscription.Status()).Stopped.ShouldBeFalse();
    }

    [Fact]
    public async Task A_handler_that_fails_on_everything_stops_rather_than_sets_everything_aside()
    {
        await using var host = await LettersHost.Start();
        host.Trouble.Everything = true;
        var accounts = Enumerable.Range(0, 40).Select(n => $"a{n}").ToList();
        await Task.WhenAll(accounts.Select(host.Open));
        await Task.WhenAll(accounts.Select(a => host.Deposit(a, 1, 2)));
        await host.Until(() => host.Subscription.Status(), s => s.Stopped);

        (await host.All()).Count(l => l.State != DeadLetterState.Waiting).ShouldBe(20);
        host.Trouble.Everything = false;
        await host.Cluster.Idle();
        await host.Letters.RetryAll();
        foreach (var account in accounts)
        {
            (await host.Of(account)).ShouldBe(" 1 2");
        }
    }

    [Fact]
    public async Task More_aggregates_than_allowed_are_not_held_back()
    {
        await using var host = await LettersHost.Start(o => (o.MaxHeldBack, o.MaxFailingShare) = (2, 1));
        host.Trouble.With(13);
        foreach (var account in new[] { "a", "b", "c" })
        {
            await host.Open(account);
            await host.Deposit(account, 13, 1);
        }

        await host.Until(() => host.Subscription.Status(), s => s.Stopped);

        (await host.All()).Select(l => l.AggregateId).Distinct().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task After_a_restart_aggregates_are_still_held_back()
    {
        await using var host = await LettersHost.Start();
        host.Trouble.With(13);
        await host.Open("a");
        await host.Deposit("a", 13, 1);
        await host.Until(all => all.Any(l => l.State == DeadLetterState.Parked));

        await host.Cluster.Restart();
        await host.Deposit("a", 2);

        (await host.Of("a")).ShouldBeNull();
        (await host.All()).Count.ShouldBe(3);
        host.Trouble.Over();
        (await host.Letters.RetryAll()).ShouldBe(new RetryReport(3, 0, 0));
        (await host.Of("a")).ShouldBe(" 13 1 2");
    }
}
