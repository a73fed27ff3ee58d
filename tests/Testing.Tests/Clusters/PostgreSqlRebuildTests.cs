using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog.ContractTests.PostgreSql;
using Loire.EventLog.Views;
using Loire.Projections;

namespace Loire.Testing.Tests.Clusters;

public sealed class PostgreSqlRebuildTests
{
    [Fact]
    public async Task A_view_is_audited_rebuilt_under_load_and_audited_again()
    {
        await using var server = await PostgreSqlServer.Start();
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(),
            new LoireTestClusterOptions { Silos = 2, Store = TestStore.PostgreSql(server.ConnectionString()) });
        for (var n = 0; n < 30; n++)
        {
            await cluster.Given("account", $"a-{n}", new AccountEvent.Opened("ada", Money.Of(100)));
        }

        (await cluster.View<AccountView>("accounts", "a-29"))!.Balance.ShouldBe(100);
        await cluster.Views.Commit(
            new CheckpointMove("damage", 0, 0, 0), [new DocumentChange.Delete(cluster.SchemaOf("accounts"), "a-3")]);
        (await Audit(cluster)).Tables[0].Differences.ShouldBe([new AuditDifference("a-3", AuditFinding.Missing, 4)]);

        using var enough = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            var deposits = 0;
            for (; !enough.IsCancellationRequested; deposits++)
            {
                await cluster.Accepted("account", "a-29", new AccountCommand.Deposit(Money.Of(1)));
                (await cluster.View<AccountView>("accounts", "a-29"))!.Balance.ShouldBe(101 + deposits);
            }
        });
        var rebuild = cluster.Grains.GetGrain<IRebuildGrain>("accounts");
        (await rebuild.Start()).Refusal.ShouldBeNull();
        (await rebuild.Ended(cluster.Limit))!.State.ShouldBe(RebuildState.Completed);
        await enough.CancelAsync();
        await load;

        var report = await Audit(cluster);
        report.IsSound.ShouldBeTrue();
        report.Generation.ShouldBeGreaterThan(1);
        report.Tables[0].Documents.ShouldBe(30);
    }

    private static async Task<AuditReport> Audit(LoireTestCluster cluster)
    {
        var audit = cluster.Grains.GetGrain<IAuditGrain>("accounts");
        (await audit.Start(new AuditRequest())).Refusal.ShouldBeNull();
        var report = (await audit.Ended(cluster.Limit))!;
        report.State.ShouldBe(AuditState.Completed, report.LastError);
        return report;
    }
}
