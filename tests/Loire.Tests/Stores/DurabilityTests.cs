using Commerce.Accounts;
using Commerce.Values;
using Loire.Hosting;
using Loire.Sagas;
using Loire.Testing;
using Loire.Tests.Sagas;

namespace Loire.Tests.Stores;

/// <summary>What sagas, processes and timers need of a store: the same tests for each.</summary>
public abstract partial class DurabilityTests : IAsyncLifetime
{
    private readonly ManualTime _time = ManualTime.Running();
    private TestStore _store = null!;

    /// <summary>A store that is empty, and can be opened again.</summary>
    protected abstract Task<TestStore> NewStore();

    public async ValueTask InitializeAsync() => _store = await NewStore();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_saga_whose_silo_dies_between_two_steps_goes_on_elsewhere()
    {
        var faults = new StoreFaults();
        await using var cluster = await Start(Trips, faults);
        var silo = cluster.Cluster.Silos[0];
        var dies = faults.After(StoreOperationKind.Append, $"{Trip.Name}/t-1").Skip(1).Kills(cluster, silo);
        await Depart(cluster);
        await dies.Happened.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        await cluster.Cluster.StartAdditionalSiloAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await cluster.Waits("t-1", "agree");

        (await cluster.Patiently(() => cluster.Saga("t-1").Agree())).Applied.ShouldBeTrue();

        (await cluster.SagaEnded(Trip.Name, "t-1")).Status.ShouldBe(SagaStatus.Completed);
        (await Balances(cluster)).ShouldBe("0 6 10");
        (await cluster.EventsOf("account", "from")).OfType<AccountEvent.Withdrawn>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_saga_takes_its_answer_though_all_silos_were_away_meanwhile()
    {
        await using (var before = await Start(Trips))
        {
            await Depart(before);
            await before.Waits("t-1", "agree");
        }

        await using var cluster = await Start(Trips);
        (await cluster.Saga("t-1").Agree()).Applied.ShouldBeTrue();

        (await cluster.SagaEnded(Trip.Name, "t-1")).Status.ShouldBe(SagaStatus.Completed);
        (await Balances(cluster)).ShouldBe("0 6 10");
        (await cluster.Saga("t-1").Agree()).Applied.ShouldBeFalse();
    }

    [Fact]
    public async Task A_time_out_that_was_due_while_all_silos_were_away_undoes_the_saga()
    {
        await using (var before = await Start(Trips))
        {
            await Depart(before);
            await before.Waits("t-1", "agree");
        }

        _time.Advance(Trip.Patience + TimeSpan.FromMinutes(1));
        await using var cluster = await Start(Trips);

        var ended = await cluster.SagaEnded(Trip.Name, "t-1");
        (ended.Status, ended.Reason).ShouldBe((SagaStatus.Failed, "It took too long."));
        ended.OpenWork.ShouldBeEmpty();
        (await Balances(cluster)).ShouldBe("10 5 0");
    }

    private static void Trips(LoireBuilder loire) => loire.AddAggregate<AccountGrain, AccountDecider>().AddSaga<TripGrain, Trip>();

    private static async Task Depart(LoireTestCluster cluster)
    {
        foreach (var (account, balance) in new[] { ("from", 10), ("agent", 5), ("to", 0) })
        {
            await cluster.Accepted("account", account, new AccountCommand.Open("ada", Money.Of(balance)));
        }

        await cluster.Patiently(() => cluster.Saga("t-1").Start(
            TripHost.Json(new Trip.Context("from", "agent", Money.Of(10))), SagaCause.Unknown));
    }

    private static async Task<string> Balances(LoireTestCluster cluster) =>
        $"{await cluster.Balance("from"):0} {await cluster.Balance("agent"):0} {await cluster.Balance("to"):0}";

    private Task<LoireTestCluster> Start(Action<LoireBuilder> loire, StoreFaults? faults = null) =>
        LoireTestCluster.Start(loire, new LoireTestClusterOptions { Store = _store, Time = _time, Faults = faults });
}
