using Commerce.Accounts;
using Commerce.Values;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>The auditor names what is not as the log says, and nothing else.</summary>
public sealed class AuditTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Each_entry_that_was_tampered_with_is_named(string store)
    {
        await using var accounts = await RebuildCluster.Start(store == "memory" ? TestStore.InMemory() : TestStore.Sqlite());
        await accounts.OpenAccounts(100);
        (await accounts.Balance("a-1")).ShouldBe(102);
        await accounts.Damage(accounts.Accounts, "a-7", new AccountView("a-7", "ada", 103, IsActive: true));
        await accounts.Damage(accounts.Accounts, "a-8", document: null);
        await accounts.Damage(accounts.Accounts, "ghost", new AccountView("ghost", "ada", 1, IsActive: true));

        var report = await Audit(accounts);

        report.State.ShouldBe(AuditState.Completed, report.LastError);
        report.IsSound.ShouldBeFalse();
        var table = report.Tables.ShouldHaveSingleItem();
        (table.Documents, table.Expected, table.Differing, table.Unsettled).ShouldBe((100, 100, 3, 0));
        table.Differences.ShouldBe(
            [
                new AuditDifference("a-7", AuditFinding.Different, 24),
                new AuditDifference("a-8", AuditFinding.Missing, 27),
                new AuditDifference("ghost", AuditFinding.Extra, Position: null),
            ],
            ignoreOrder: true);
        table.Partitions.Length.ShouldBeInRange(1, 3);
        table.Partitions.ShouldAllBe(p => p.Hash != p.ExpectedHash);
        await Should.ThrowAsync<Exception>(() => accounts.Cluster.Views.Find(accounts.Accounts.InGeneration(report.Scratch), "a-1"));
    }

    [Fact]
    public async Task A_healthy_view_has_no_difference_though_it_changes_all_the_time()
    {
        // Pages of a size that gets on faster than those who write.
        await using var accounts = await RebuildCluster.Start(silos: 2, rebuilds: o => o.PageSize = 500);
        await accounts.OpenAccounts(200);
        (await accounts.Balance("a-199")).ShouldBe(102);
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var n = caller; !enough.IsCancellationRequested; n++)
            {
                await accounts.Cluster.Accepted("account", $"a-{n % 200}", new AccountCommand.Deposit(Money.Of(1)));
            }
        })));

        for (var time = 0; time < 3; time++)
        {
            var report = await Audit(accounts);
            report.State.ShouldBe(AuditState.Completed, report.LastError);
            report.IsSound.ShouldBeTrue($"{string.Join(", ", report.Tables.SelectMany(t => t.Differences))}");
            report.Tables[0].Documents.ShouldBe(200);
        }

        await enough.CancelAsync();
        await load;
    }

    [Fact]
    public async Task It_says_up_to_which_position_view_and_log_were_compared()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults);
        await accounts.OpenAccounts(20);
        (await accounts.Balance("a-19")).ShouldBe(102);
        var held = faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Holds();
        (await accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts").Start(new AuditRequest())).Report!.Target.ShouldBe(60);
        await held.Happened.WaitAsync(LoireHost.Limit);

        await accounts.Cluster.Accepted("account", "a-1", new AccountCommand.Deposit(Money.Of(1)));
        (await accounts.Balance("a-1")).ShouldBe(103);
        held.Release();

        var report = await Ended(accounts);
        (report.Position, report.Target, report.IsSound).ShouldBe((61, 61, true));
    }

    [Fact]
    public async Task Only_what_is_within_the_range_is_compared()
    {
        await using var accounts = await RebuildCluster.Start();
        await accounts.OpenAccounts(10);
        (await accounts.Balance("a-1")).ShouldBe(102);
        await accounts.Damage(accounts.Accounts, "a-2", document: null);
        await accounts.Damage(accounts.Accounts, "a-5", document: null);

        var report = await Audit(accounts, new AuditRequest("a-3", "a-6"));

        report.Tables[0].Differences.ShouldHaveSingleItem().Id.ShouldBe("a-5");
        report.Tables[0].Expected.ShouldBe(4);
    }

    [Fact]
    public async Task What_a_view_has_set_aside_is_no_difference()
    {
        await using var accounts = await RebuildCluster.Start();
        await accounts.OpenAccounts(10);

        // No account has been opened here: the projection has nothing to add to.
        await accounts.Cluster.Given("account", "never-opened", new AccountEvent.Deposited(Money.Of(1)));
        (await accounts.Balance("a-9")).ShouldBe(102);

        var report = await Audit(accounts);

        report.State.ShouldBe(AuditState.Completed, report.LastError);
        report.IsSound.ShouldBeTrue();
        report.Tables[0].Expected.ShouldBe(10);
    }

    [Fact]
    public async Task An_audit_outlives_a_restart()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults);
        await accounts.OpenAccounts(50);
        (await accounts.Balance("a-1")).ShouldBe(102);
        await accounts.Damage(accounts.Accounts, "a-2", document: null);
        var held = faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Skip(2).Holds();
        await accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts").Start(new AuditRequest());
        await held.Happened.WaitAsync(LoireHost.Limit);

        var restarting = accounts.Cluster.Restart();
        held.Release();
        await restarting;

        (await Ended(accounts)).Tables[0].Differences.ShouldHaveSingleItem().Id.ShouldBe("a-2");
    }

    private static async Task<AuditReport> Audit(RebuildCluster accounts, AuditRequest? request = null)
    {
        (await accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts").Start(request ?? new AuditRequest())).Refusal.ShouldBeNull();
        return await Ended(accounts);
    }

    private static Task<AuditReport> Ended(RebuildCluster accounts) => accounts.Cluster.Patiently(async () =>
        await accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts").Ended(TimeSpan.FromSeconds(2)) is { State: not AuditState.Running } ended
            ? ended
            : throw new TimeoutException("The audit still runs."));
}
