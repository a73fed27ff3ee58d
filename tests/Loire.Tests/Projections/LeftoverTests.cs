using Commerce.Accounts;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>Generations that are made again by somebody who does not know that they have been dropped.</summary>
public sealed class LeftoverTests
{
    private readonly InMemoryStorage _storage = new();

    [Fact]
    public async Task A_subscription_that_has_slept_through_a_rebuild_leaves_nothing_of_what_was_dropped_meanwhile()
    {
        await using var accounts = await Start();
        await accounts.OpenAccounts(5);
        (await accounts.Balance("a-4")).ShouldBe(102);
        var faults = new StoreFaults();
        var opening = faults.Before(StoreOperationKind.Define, "accounts@1").Holds();
        await using var other = await Start(faults);
        await opening.Happened.WaitAsync(LoireHost.Limit);
        (await accounts.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        await UntilNothingIsLeftOf(accounts, 1);

        var made = faults.After(StoreOperationKind.Define, "accounts@1").Holds();
        opening.Release();
        await made.Happened.WaitAsync(LoireHost.Limit);
        (await accounts.Cluster.Views.Find(accounts.Accounts, "a-1")).ShouldBeNull();
        made.Release();

        await UntilNothingIsLeftOf(accounts, 1);
        (await other.Balance("a-4")).ShouldBe(102);
    }

    [Fact]
    public async Task What_was_left_by_somebody_who_died_is_found_by_the_next_silo_that_starts()
    {
        await using var accounts = await Start();
        await accounts.OpenAccounts(5);
        (await accounts.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        (await accounts.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        await UntilNothingIsLeftOf(accounts, 2);
        await accounts.Cluster.Views.Define(accounts.Accounts.InGeneration(2));
        await accounts.Damage(accounts.Accounts.InGeneration(2), "a-1", new AccountView("a-1", "ada", 1, IsActive: true));

        await accounts.Cluster.Restart();

        await UntilNothingIsLeftOf(accounts, 2);
        await accounts.IsAt(live: 3, last: 3);
        (await accounts.Balance("a-4")).ShouldBe(102);
    }

    [Fact]
    public async Task What_an_audit_is_about_to_use_is_left_alone()
    {
        var faults = new StoreFaults();
        await using var accounts = await Start(faults);
        await accounts.OpenAccounts(50);
        (await accounts.Rebuilt()).State.ShouldBe(RebuildState.Completed);
        await UntilNothingIsLeftOf(accounts, 1);
        var held = faults.Before(StoreOperationKind.CommitView, "accounts@1.3").Skip(1).Holds();
        var audit = accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts");
        (await audit.Start(new AuditRequest())).Refusal.ShouldBeNull();
        await held.Happened.WaitAsync(LoireHost.Limit);

        var others = new StoreFaults();
        var swept = others.Before(StoreOperationKind.Drop, "accounts@1");
        var wrong = others.Before(StoreOperationKind.Drop, "accounts@1.3");

        // Before it looks for rebuilds and audits that nobody carries out, it sweeps.
        var looks = others.Before(StoreOperationKind.FindDocumentsBy, "rebuilds@1").Holds();
        await using var other = await Start(others);
        await looks.Happened.WaitAsync(LoireHost.Limit);

        (swept.Happened.IsCompleted, wrong.Happened.IsCompleted).ShouldBe((true, false));
        others.Clear();
        held.Release();
        var report = await accounts.Cluster.Patiently(async () =>
            await audit.Ended(TimeSpan.FromSeconds(2)) is { State: not AuditState.Running } ended
                ? ended
                : throw new TimeoutException("The audit still runs."));
        report.IsSound.ShouldBeTrue(report.LastError);
    }

    private Task<RebuildCluster> Start(StoreFaults? faults = null) => RebuildCluster.Start(TestStore.InMemory(_storage), faults);

    private static Task UntilNothingIsLeftOf(RebuildCluster accounts, int generation) => accounts.Cluster.Patiently(async () =>
    {
        try
        {
            await accounts.NothingIsLeftOf(generation);
            return true;
        }
        catch (ShouldAssertException e)
        {
            throw new TimeoutException($"It is still there. {e.Message}", e);
        }
    });
}
