using Commerce.Accounts;
using Commerce.Values;
using Loire.Sagas;
using Loire.Testing;

namespace Loire.Tests.Sagas;

public sealed class SagaTimeTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_time_out_comes_when_it_is_due_though_the_saga_sleeps_and_the_silo_was_restarted(string store)
    {
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions
        {
            Time = ManualTime.Running(), Store = store == "memory" ? TestStore.InMemory() : TestStore.Sqlite(),
        });
        await cluster.Depart();
        var due = (await cluster.Waits("t-1", "agree")).WakeAt.ShouldNotBeNull();

        await cluster.Restart();
        cluster.Advance(Trip.Patience - TimeSpan.FromMinutes(2));
        (await cluster.Until("t-1", _ => true)).Status.ShouldBe(SagaStatus.Running);
        cluster.Advance(TimeSpan.FromMinutes(2));

        var ended = await cluster.SagaEnded(Trip.Name, "t-1");
        ended.Reason.ShouldBe("It took too long.");
        ended.UpdatedAt.ShouldBeGreaterThanOrEqualTo(due);
        ended.OpenWork.ShouldBeEmpty();
        (await cluster.Balance("from")).ShouldBe(10);
        (await cluster.Saga("t-1").Agree()).Applied.ShouldBeFalse();
    }

    [Fact]
    public async Task A_grain_that_does_not_know_what_another_has_done_goes_on_from_there_when_it_is_due()
    {
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Time = ManualTime.Running() });
        await cluster.Accepted("account", "agent", new AccountCommand.Open("bob", Money.Of(5)));
        (await cluster.Saga("t-1").RetryStep("take")).Refusal!.Code.ShouldBe("saga-not-found");

        // Written by its twin, on a silo that stood still, was taken for dead, went on, and died.
        var context = System.Text.Json.JsonSerializer.SerializeToElement(
            new Trip.Context("from", "agent", Money.Of(4)), Serialization.LoireJson.Strict);
        await cluster.Given(
            Trip.Name,
            "t-1",
            new SagaEvent.Started(Trip.Name, ["take", "agree", "give", "close"], context, SagaCause.Unknown, NoReturnAfter: "give"),
            new SagaEvent.StepCompleted("take"));
        await cluster.Until("t-1", s => s.WakeAt is not null);
        cluster.Advance(TimeSpan.FromSeconds(10));

        (await cluster.Waits("t-1", "agree")).CompletedSteps.ShouldBe(["take"]);
    }

    [Fact]
    public async Task A_saga_is_stuck_when_its_commands_cannot_be_sent_and_goes_on_when_they_can()
    {
        var faults = new StoreFaults();
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Time = ManualTime.Running(), Faults = faults });
        await cluster.Accepted("account", "from", new AccountCommand.Open("ada", Money.Of(10)));
        await cluster.Accepted("account", "agent", new AccountCommand.Open("bob", Money.Of(5)));
        faults.Before(StoreOperationKind.Append, "account/from").Times(1000).Fails();
        await cluster.Saga("t-1").Start(TripHost.Json(new Trip.Context("from", "agent", Money.Of(4))), SagaCause.Unknown);

        var stuck = await cluster.Until("t-1", s => s.Stuck);
        stuck.Pending.Single().Code.ShouldBe("unavailable");
        stuck.Status.ShouldBe(SagaStatus.Started);
        faults.Clear();
        cluster.Advance(TimeSpan.FromMinutes(2));

        (await cluster.Until("t-1", s => s.CompletedSteps.Contains("take"))).Stuck.ShouldBeFalse();
        (await cluster.Balance("from")).ShouldBe(6);
    }
}
