using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>Silos die at every step of a rebuild; nobody calls, and it goes on to its end.</summary>
public sealed class RebuildCrashTests
{
    /// <summary>Each thing that a rebuild asks of the store, before it has happened and after.</summary>
    public static TheoryData<StoreOperationKind, string, int, bool> Steps => new MatrixTheoryData<(StoreOperationKind Kind, string Target, int Skip), bool>(
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
        ],
        [false, true]).Aggregate(new TheoryData<StoreOperationKind, string, int, bool>(), (all, row) =>
        {
            var ((kind, target, skip), after) = row.Data;
            all.Add(kind, target, skip, after);
            return all;
        });

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_rebuild_goes_on_when_its_silo_is_killed(StoreOperationKind kind, string target, int skip, bool after)
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults, silos: 2);
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
    }
}
