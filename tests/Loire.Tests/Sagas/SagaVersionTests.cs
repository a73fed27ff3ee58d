using System.Text;
using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Sagas;
using Loire.Testing;

namespace Loire.Tests.Sagas;

/// <summary>Definitions change while sagas are under way.</summary>
public sealed class SagaVersionTests
{
    private static readonly JsonElement Context = JsonSerializer.SerializeToElement(new { from = "from", to = "to" });

    private readonly InMemoryStorage _storage = new();

    [Fact]
    public async Task A_saga_ends_on_the_version_on_which_it_started()
    {
        await using var cluster = await Start(l => l.AddSaga<ParcelGrain, Parcel>().AddSagaVersion<ParcelV1>());
        await HalfDone(cluster, Parcel.Name);

        var ended = await cluster.SagaEnded(Parcel.Name, "p-1");

        (ended.Status, ended.Version).ShouldBe((SagaStatus.Completed, 1));
        ended.CompletedSteps.ShouldBe(["take", "give"]);
        (await cluster.Balance("to")).ShouldBe(1);
        await cluster.Saga("p-2", Parcel.Name).Start(TripHost.Json(new Parcel.Context("from", "to")), SagaCause.Unknown);
        (await cluster.SagaEnded(Parcel.Name, "p-2")).CompletedSteps.ShouldBe(["take", "give", "add"]);
    }

    [Fact]
    public async Task A_saga_is_moved_to_a_newer_version_as_that_declares()
    {
        await using var cluster = await Start(l => l.AddSaga<MovingParcelGrain, MovingParcel>());
        await HalfDone(cluster, MovingParcel.Name);

        var ended = await cluster.SagaEnded(MovingParcel.Name, "p-1");

        (ended.Status, ended.Version).ShouldBe((SagaStatus.Completed, 2));
        ended.CompletedSteps.ShouldBe(["take", "give", "add"]);
        ended.Context.GetProperty("giver").GetString().ShouldBe("from");
        ended.History.ShouldContain(h => h.Event == "migrated" && h.Detail == "version 2");
        (await cluster.Balance("to")).ShouldBe(4);
    }

    [Fact]
    public async Task A_saga_that_has_been_moved_undoes_what_it_did_before()
    {
        await using var cluster = await Start(l => l.AddSaga<MovingParcelGrain, MovingParcel>());
        await cluster.Accepted("account", "from", new AccountCommand.Open("ada", Money.Of(5)));
        await cluster.Given(MovingParcel.Name, "p-1", Started(MovingParcel.Name), new SagaEvent.StepCompleted("take"));

        // Nobody has an account to give it to.
        await cluster.Saga("p-1", MovingParcel.Name).Start(default, SagaCause.Unknown);

        (await cluster.SagaEnded(MovingParcel.Name, "p-1")).CompensatedSteps.ShouldBe(["take"]);
        (await cluster.Balance("from")).ShouldBe(6);
    }

    [Fact]
    public async Task A_saga_of_a_version_that_nobody_knows_is_stuck_until_somebody_does()
    {
        await using (var cluster = await Start(l => l.AddSaga<ParcelGrain, Parcel>()))
        {
            await HalfDone(cluster, Parcel.Name);
            var stuck = await cluster.Until("p-1", s => s.Stuck, Parcel.Name);
            stuck.Pending.Single().ShouldSatisfyAllConditions(
                p => p.Step.ShouldBe("give"),
                p => p.Code.ShouldBe("unknown-version"),
                p => p.Reason.ShouldBe("Version 1 of the saga's definition is not registered."));
            stuck.WakeAt.ShouldNotBeNull();
            (await cluster.Saga("p-1", Parcel.Name).CompleteStep("give", default)).Refusal!.Code.ShouldBe("unknown-version");
        }

        await using var later = await Start(l => l.AddSaga<ParcelGrain, Parcel>().AddSagaVersion<ParcelV1>());
        await later.Saga("p-1", Parcel.Name).RetryStep("give");
        (await later.SagaEnded(Parcel.Name, "p-1")).Status.ShouldBe(SagaStatus.Completed);
        (await later.Balance("to")).ShouldBe(1);
    }

    [Fact]
    public async Task A_saga_whose_steps_the_newer_version_does_not_know_is_not_moved()
    {
        await using var cluster = await Start(l => l.AddSaga<ForgetfulParcelGrain, ForgetfulParcel>());
        await HalfDone(cluster, ForgetfulParcel.Name);

        var stuck = await cluster.Until("p-1", s => s.Stuck, ForgetfulParcel.Name);

        (stuck.Version, stuck.CompletedSteps.Single()).ShouldBe((1, "take"));
        stuck.Pending.Single().Code.ShouldBe("unknown-step");
        stuck.Pending.Single().Reason!.ShouldContain("'take'");
    }

    [Fact]
    public async Task Sagas_that_were_recorded_before_definitions_had_versions_go_on()
    {
        await using var cluster = await Start(l => l.AddSaga<ParcelGrain, Parcel>().AddSagaVersion<ParcelV1>());
        await Accounts(cluster);
        await Append(
            cluster,
            ("parcel.started", """{"sagaType":"parcel","steps":["take","give"],"context":{"from":"from","to":"to"},"cause":{"correlationId":"c-1","causationId":null,"traceParent":null,"userId":null,"tenant":null}}"""),
            ("parcel.step-completed", """{"step":"take"}"""));

        await cluster.Saga("p-1", Parcel.Name).Start(default, SagaCause.Unknown);

        var ended = await cluster.SagaEnded(Parcel.Name, "p-1");
        (ended.Status, ended.Version).ShouldBe((SagaStatus.Completed, 1));
        (await cluster.Balance("to")).ShouldBe(1);
    }

    [Fact]
    public async Task Sagas_that_were_being_undone_before_definitions_had_versions_go_on()
    {
        await using var cluster = await Start(l => l.AddSaga<ParcelGrain, Parcel>().AddSagaVersion<ParcelV1>());
        await Accounts(cluster);
        await Append(
            cluster,
            ("parcel.started", """{"sagaType":"parcel","steps":["take","give"],"context":{"from":"from","to":"to"},"cause":{"correlationId":null,"causationId":null,"traceParent":null,"userId":null,"tenant":null}}"""),
            ("parcel.step-completed", """{"step":"take"}"""),
            ("parcel.compensation-requested", """{"reason":"No."}"""));

        await cluster.Saga("p-1", Parcel.Name).Start(default, SagaCause.Unknown);

        var ended = await cluster.SagaEnded(Parcel.Name, "p-1");
        (ended.Status, ended.Reason).ShouldBe((SagaStatus.Failed, "No."));
        ended.CompensatedSteps.ShouldBe(["take"]);
        ended.OpenWork.ShouldBeEmpty();
        (await cluster.Balance("from")).ShouldBe(6);
    }

    private Task<LoireTestCluster> Start(Action<LoireBuilder> loire) =>
        TripHost.Start(new LoireTestClusterOptions { Store = TestStore.InMemory(_storage) }, loire);

    private static async Task HalfDone(LoireTestCluster cluster, string type)
    {
        await Accounts(cluster);
        await cluster.Given(type, "p-1", Started(type), new SagaEvent.StepCompleted("take"));

        // It has been started, so this only wakes it.
        (await cluster.Saga("p-1", type).Start(default, SagaCause.Unknown)).Applied.ShouldBeFalse();
    }

    private static async Task Accounts(LoireTestCluster cluster)
    {
        await cluster.Accepted("account", "from", new AccountCommand.Open("ada", Money.Of(5)));
        await cluster.Accepted("account", "to", new AccountCommand.Open("eve", Money.Zero));
    }

    private static SagaEvent.Started Started(string type) => new(type, ["take", "give"], Context, SagaCause.Unknown);

    private static async Task Append(LoireTestCluster cluster, params (string Type, string Json)[] events)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var encoded = events.Select(e => new NewEvent(
            Guid.CreateVersion7(now), e.Type, SchemaVersion: 1, now, Encoding.UTF8.GetBytes(e.Json), EventMetadata.None));
        (await cluster.StoredLog.Append(new AppendRequest(new StreamName(Parcel.Name, "p-1"), 0, [.. encoded])))
            .ShouldBeOfType<AppendResult.Appended>();
    }
}
