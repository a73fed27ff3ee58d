using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>Silos die at every step of a rebuild; nobody calls, and it goes on to its end. For each store.</summary>
public abstract class RebuildCrashSuite
{
    /// <summary>Each thing that a rebuild asks of the store.</summary>
    public static TheoryData<StoreOperationKind, string, int> Steps =>
    [
        (StoreOperationKind.CommitView, "rebuilds/accounts", 0),
        (StoreOperationKind.Define, "accounts@1.2", 0),
        (StoreOperationKind.CommitView, "accounts@1.2", 0),
        (StoreOperationKind.CommitView, "accounts@1.2", 3),
        (StoreOperationKind.ReadCheckpoint, "accounts@1.2", 1),
        (StoreOperationKind.CommitView, "generations/accounts", 1),
        (StoreOperationKind.CommitView, "generations/accounts", 2),
        (StoreOperationKind.CommitView, "accounts@1", 0),
        (StoreOperationKind.CommitView, "rebuilds/accounts", 1),
        (StoreOperationKind.Drop, "accounts@1", 0),
    ];

    /// <summary>An empty store.</summary>
    protected abstract Task<TestStore> NewStore();

    [Theory]
    [MemberData(nameof(Steps))]
    public Task A_rebuild_goes_on_when_its_silo_is_killed_after(StoreOperationKind kind, string target, int skip) =>
        GoesOn(kind, target, skip, after: true);

    /// <summary>Kills silos before something has happened in the store, or after.</summary>
    protected async Task GoesOn(StoreOperationKind kind, string target, int skip, bool after)
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(await NewStore(), faults, silos: 2);
        var cluster = accounts.Cluster;
        await accounts.OpenAccounts(40);
        (await accounts.Balance("a-39")).ShouldBe(102);
        var dropped = faults.After(StoreOperationKind.Drop, "accounts@1").Skip(kind == StoreOperationKind.Drop && after ? 1 : 0);
        var fault = (after ? faults.After(kind, target) : faults.Before(kind, target)).Skip(skip).Does(async () =>
        {
            // Whichever silo it happens on: both die, one after the other, and others come up.
            foreach (var silo in cluster.Cluster.Silos.ToList())
            {
                await cluster.Cluster.StartAdditionalSiloAsync();
                await cluster.Kill(silo);
            }
        }).Fails();

        // Who does not learn whether it was started asks again.
        var starting = cluster.Patiently(() => accounts.Rebuild.Start());
        await fault.Happened.WaitAsync(LoireHost.Limit);
        await cluster.AcceptedInTheEnd("account", "a-39", new AccountCommand.Deposit(Money.Of(8)), "while-it-goes-on");

        await starting;
        var ended = await accounts.Ended();

        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        (await accounts.Balance("a-39")).ShouldBe(110);
        (await accounts.Balance("a-0")).ShouldBe(102);
        if (kind == StoreOperationKind.Drop)
        {
            await dropped.Happened.WaitAsync(LoireHost.Limit);
        }

        (await accounts.Balance("a-39")).ShouldBe(110);
        await accounts.IsAt(live: ended.Generation, last: ended.Generation);
    }
}

public sealed class RebuildCrashTests : RebuildCrashSuite
{
    [Theory]
    [MemberData(nameof(Steps))]
    public Task A_rebuild_goes_on_when_its_silo_is_killed_before(StoreOperationKind kind, string target, int skip) =>
        GoesOn(kind, target, skip, after: false);

    protected override Task<TestStore> NewStore() => Task.FromResult(TestStore.InMemory());
}

public sealed class SqliteRebuildCrashTests : RebuildCrashSuite
{
    protected override Task<TestStore> NewStore() => Task.FromResult(TestStore.Sqlite());
}

public sealed class PostgreSqlRebuildCrashTests(PostgreSqlServerOfClass server) : RebuildCrashSuite, IClassFixture<PostgreSqlServerOfClass>
{
    [Theory]
    [InlineData("accounts@1.2", 2)]
    [InlineData("generations/accounts", 1)]
    [InlineData("generations/accounts", 2)]
    public async Task A_rebuild_goes_on_when_its_database_crashes(string target, int skip)
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(await NewStore(), faults);
        await accounts.OpenAccounts(40);
        (await accounts.Balance("a-39")).ShouldBe(102);
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        faults.Before(StoreOperationKind.CommitView, target).Skip(skip).Does(async () =>
        {
            await server.Crash();
            back.SetResult();
        });

        (await accounts.Rebuild.Start()).Refusal.ShouldBeNull();
        await back.Task.WaitAsync(LoireHost.Limit);
        await accounts.Cluster.AcceptedInTheEnd("account", "a-39", new AccountCommand.Deposit(Money.Of(8)), "after-the-crash");

        var ended = await accounts.Ended();
        ended.State.ShouldBe(RebuildState.Completed, ended.LastError);
        (await accounts.Balance("a-39")).ShouldBe(110);
        (await accounts.Balance("a-0")).ShouldBe(102);
        await accounts.IsAt(live: 2, last: 2);
    }

    protected override async Task<TestStore> NewStore() => TestStore.PostgreSql(await server.NewDatabase());
}
