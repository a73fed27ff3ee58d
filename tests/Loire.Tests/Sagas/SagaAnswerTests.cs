using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;
using Loire.Testing;

namespace Loire.Tests.Sagas;

public sealed class SagaAnswerTests : IAsyncLifetime
{
    private LoireTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TripHost.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task An_answer_from_outside_takes_the_saga_on_and_brings_what_it_needs()
    {
        var saga = await _cluster.Depart();
        var waiting = await _cluster.Waits("t-1", "agree");
        waiting.Progress.ShouldBe(new SagaCount(1, 4));
        waiting.WakeAt.ShouldBe(waiting.Pending.Single().Due);

        (await saga.Agree()).Applied.ShouldBeTrue();

        // The account is not empty, so it cannot be closed, and there is no way back.
        var stuck = await _cluster.Until("t-1", s => s.Stuck);
        stuck.Status.ShouldBe(SagaStatus.Running);
        stuck.CurrentStep.ShouldBe("close");
        stuck.Pending.Single().Code.ShouldBe("balance-not-zero");
        (await _cluster.Balance("to")).ShouldBe(4);
    }

    [Fact]
    public async Task An_answer_that_comes_twice_or_late_changes_nothing_and_says_so()
    {
        var saga = await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");
        var answers = await Task.WhenAll(saga.Agree(), saga.Agree(), saga.Agree());
        await _cluster.Until("t-1", s => s.Stuck);

        answers.Count(a => a.Applied).ShouldBe(1);
        (await saga.Agree("somebody-else")).ShouldBe(new SagaReply(SagaStatus.Running, "close"));
        (await saga.FailStep("agree", "no", "No.")).Applied.ShouldBeFalse();
        (await _cluster.Balance("to")).ShouldBe(4);
        (await _cluster.EventsOf(Trip.Name, "t-1")).OfType<SagaEvent.StepCompleted>().Select(e => e.Step).ShouldBe(["take", "agree", "give"]);
    }

    [Fact]
    public async Task An_answer_may_come_before_the_view_or_the_saga_knows_that_it_waits()
    {
        var held = await _cluster.Depart();

        // Whatever the saga has done by now, it takes the answer or says that it has not come to it yet.
        while ((await held.Agree()).Refusal is { Code: "not-waiting" })
        {
            await Task.Yield();
        }

        (await _cluster.Until("t-1", s => s.Stuck)).CompletedSteps.ShouldBe(["take", "agree", "give"]);
        (await _cluster.Balance("agent")).ShouldBe(6);
    }

    [Fact]
    public async Task A_refusal_from_outside_undoes_what_was_done()
    {
        var saga = await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");

        await saga.FailStep("agree", "no", "Nobody agrees.");

        var ended = await _cluster.SagaEnded(Trip.Name, "t-1");
        ended.Reason.ShouldBe("Nobody agrees.");
        ended.OpenWork.ShouldBeEmpty();
        ended.WakeAt.ShouldBeNull();
        (await _cluster.Balance("from")).ShouldBe(10);
        (await _cluster.Balance("agent")).ShouldBe(5);
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_with_the_reason()
    {
        var saga = await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");

        (await saga.CompleteStep("give", default)).Refusal!.Code.ShouldBe("not-waiting");
        (await saga.CompleteStep("fly", default)).Refusal!.Code.ShouldBe("step-not-found");
        (await saga.CompleteStep("agree", default)).Refusal!.Code.ShouldBe("invalid-answer");
        (await saga.CompleteStep("agree", TripHost.Json(new { who = "bob" }))).Refusal!.Code.ShouldBe("invalid-answer");
        (await _cluster.Saga("nobody").Agree()).Refusal!.Code.ShouldBe("saga-not-found");
        (await saga.RetryStep("take")).Refusal!.Code.ShouldBe("not-failed");
        (await saga.SkipStep("take", "why not")).Refusal!.Code.ShouldBe("not-current");
    }

    [Fact]
    public async Task Who_answered_stands_in_the_history()
    {
        var saga = await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");

        await saga.FailStep("agree", "no", "No.", run: null, new SagaCause("c-2", "call-7", null, "bob", null));

        var failed = (await _cluster.SagaEnded(Trip.Name, "t-1")).History.Single(h => h.Event == "step-failed");
        (failed.By, failed.CausationId, failed.Detail).ShouldBe(("bob", "call-7", "no: No."));
    }

    [Fact]
    public async Task Work_that_cannot_be_undone_is_left_open_until_it_is_tried_again()
    {
        var saga = await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");
        await _cluster.Accepted("account", "agent", new AccountCommand.Withdraw(Money.Of(6)));

        await saga.FailStep("agree", "no", "Nobody agrees.");
        var failed = await _cluster.SagaEnded(Trip.Name, "t-1");
        failed.OpenWork.ShouldBe([new OpenWork("agree", "account/agent: withdraw", "insufficient-funds: The balance is 0.00.")]);
        failed.HasOpenWork.ShouldBeTrue();
        (await _cluster.Balance("from")).ShouldBe(10);

        await _cluster.Accepted("account", "agent", new AccountCommand.Deposit(Money.Of(6)));
        (await saga.RetryStep("agree")).Status.ShouldBe(SagaStatus.Compensating);
        var mended = await _cluster.Until("t-1", s => s is { Status: SagaStatus.Failed, HasOpenWork: false });
        mended.Reason.ShouldBe("Nobody agrees.");
        (await _cluster.Balance("agent")).ShouldBe(5);
        (await saga.RetryStep("agree")).Refusal!.Code.ShouldBe("not-failed");
    }

    [Fact]
    public async Task Open_work_can_be_settled_by_hand()
    {
        var saga = await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");
        await _cluster.Accepted("account", "agent", new AccountCommand.Withdraw(Money.Of(6)));
        await saga.FailStep("agree", "no", "Nobody agrees.");
        await _cluster.SagaEnded(Trip.Name, "t-1");

        (await saga.SkipStep("agree", "Paid in cash.")).Applied.ShouldBeTrue();

        (await _cluster.Until("t-1", s => !s.HasOpenWork)).History[^1].ShouldSatisfyAllConditions(
            h => h.Event.ShouldBe("step-skipped"), h => h.Detail.ShouldBe("Paid in cash."));
    }

    [Fact]
    public async Task What_is_stuck_goes_on_when_it_is_tried_again()
    {
        var saga = await _cluster.Depart();
        await saga.AgreeWhenItWaits(_cluster);
        await _cluster.Until("t-1", s => s.Stuck);
        await _cluster.Accepted("account", "from", new AccountCommand.Withdraw(Money.Of(6)));

        (await saga.RetryStep("close")).Applied.ShouldBeTrue();

        (await _cluster.SagaEnded(Trip.Name, "t-1")).Status.ShouldBe(SagaStatus.Completed);
        (await saga.Compensate("Too late.")).Refusal!.Code.ShouldBe("past-no-return");
    }

    [Fact]
    public async Task A_step_that_is_skipped_is_withdrawn_and_the_saga_goes_on()
    {
        var saga = await _cluster.Depart();
        await saga.AgreeWhenItWaits(_cluster);
        await _cluster.Until("t-1", s => s.Stuck);

        await saga.SkipStep("close", "It stays open.");

        var ended = await _cluster.SagaEnded(Trip.Name, "t-1");
        ended.Status.ShouldBe(SagaStatus.Completed);
        ended.SkippedSteps.ShouldBe(["close"]);
        ended.History.Select(h => h.Event).TakeLast(3).ShouldBe(["step-skipped", "step-withdrawn", "completed"]);
        (await _cluster.StateOf("account", "from")).GetProperty("isActive").GetBoolean().ShouldBeTrue();
    }
}
