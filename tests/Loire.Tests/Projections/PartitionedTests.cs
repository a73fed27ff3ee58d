using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>Projections whose documents are spread over several grains.</summary>
public sealed class PartitionedTests
{
    public static TheoryData<string> Stores => ["memory", "sqlite"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Partitions_share_the_documents_and_are_waited_for_rebuilt_and_audited_together(string store)
    {
        await using var accounts = await RebuildCluster.Start(
            store == "memory" ? TestStore.InMemory() : TestStore.Sqlite(), silos: 2, loire: Register);
        var cluster = accounts.Cluster;
        await accounts.OpenAccounts(60);

        (await cluster.View<Holding>("holdings", "a-59")).ShouldBe(new Holding("ada", 102, "a-59 of ada"));
        var checkpoints = await Task.WhenAll(Enumerable.Range(0, 4).Select(p => cluster.Views.Checkpoint("holdings@1", p)));
        checkpoints.ShouldAllBe(position => position > 0);
        (await Total(accounts, "holdings")).ShouldBe(60);
        (await cluster.View<Count>("holding-counts", "ada")).ShouldBe(new Count(60, 120));

        var rebuild = cluster.Grains.GetGrain<IRebuildGrain>("holdings");
        await rebuild.Start();
        (await rebuild.Ended(LoireHost.Limit))!.State.ShouldBe(RebuildState.Completed);
        await cluster.Accepted("account", "a-59", new AccountCommand.Deposit(Money.Of(1)));
        (await cluster.View<Holding>("holdings", "a-59")).ShouldBe(new Holding("ada", 103, "a-59 of ada"));
        (await cluster.View<Count>("holding-counts", "ada")).ShouldBe(new Count(60, 121));
        (await Total(accounts, "holdings")).ShouldBe(60);

        await accounts.Damage(cluster.SchemaOf("holding-counts").InGeneration(2), "ada", document: null);
        var audit = cluster.Grains.GetGrain<IAuditGrain>("holdings");
        (await audit.Start(new AuditRequest())).Refusal.ShouldBeNull();
        var report = (await audit.Ended(LoireHost.Limit))!;
        report.State.ShouldBe(AuditState.Completed, report.LastError);
        report.Tables.Single(t => t.Name == "holdings").Differing.ShouldBe(0);
        report.Tables.Single(t => t.Name == "holdings.owners").Differing.ShouldBe(0);
        report.Tables.Single(t => t.Name == "holding-counts").Differences.ShouldHaveSingleItem().Finding.ShouldBe(AuditFinding.Missing);
    }

    [Fact]
    public void Wrong_definitions_are_told_together_with_their_names()
    {
        var wrong = Should.Throw<InvalidOperationException>(() => new Queries.ViewRegistry([new Wrong(), new Holdings(), new SameName()])).Message;

        wrong.ShouldContain("Projection 'Wrong Name' (Wrong): 'Wrong Name' is no name for a view");
        wrong.ShouldContain("Projection 'Wrong Name' (Wrong): it must have 1 to 64 partitions.");
        wrong.ShouldContain("it has two handlers for Opened that change 'Wrong Name'.");
        wrong.ShouldContain("its handler for Closed may change any document, which one that is partitioned cannot have.");
        wrong.ShouldContain("The name 'holdings' is used by Holdings and SameName.");
    }

    [Fact]
    public async Task A_host_with_a_wrong_definition_does_not_start()
    {
        var failure = await Should.ThrowAsync<Exception>(async () =>
        {
            await using var cluster = await LoireTestCluster.Start(
                loire => loire.AddAggregate<AccountGrain, AccountDecider>().AddProjection<Wrong>(),
                new LoireTestClusterOptions { Logging = Microsoft.Extensions.Logging.LogLevel.None });
        });

        // Each engine puts an exception of its own around it.
        failure.ToString().ShouldContain("'Wrong Name' is no name for a view");
    }

    private static void Register(LoireBuilder loire) => loire.AddAggregate<AccountGrain, AccountDecider>().AddProjection<Holdings>();

    private static async Task<long> Total(RebuildCluster accounts, string view) =>
        (await accounts.Reader.Query(accounts.Cluster.SchemaOf(view), new ViewQuery(), CancellationToken.None)).Total!.Value;

    public sealed record Holding(string Owner, decimal Balance, string Title);

    public sealed record Count(int Accounts, int Deposits);

    private sealed record Owner(string Name);

    private sealed class Holdings : Projection<Holding>
    {
        public Holdings()
            : base("holdings", partitions: 4)
        {
            var owners = Lookup<Owner>("owners");
            var counts = Output<Count>("holding-counts");
            On<AccountEvent.Opened, Owner>(owners, (_, info) => info.AggregateId, (_, e, _) => new Owner(e.OwnerId));
            On<AccountEvent.Opened>((_, info) => info.AggregateId, async (lookups, _, e, info) =>
            {
                var owner = await lookups.Find(owners, info.AggregateId);
                return new Holding(e.OwnerId, e.InitialBalance.Amount, $"{info.AggregateId} of {owner!.Name}");
            });
            On<AccountEvent.Deposited>((view, e, _) => view! with { Balance = view.Balance + e.Amount.Amount });
            OnEach<AccountEvent.Opened, Count>(counts, (e, _) => [e.OwnerId], (_, view, _, _) => (view ?? new Count(0, 0)) with { Accounts = (view?.Accounts ?? 0) + 1 });
            On<AccountEvent.Deposited, Count>(counts, (_, _) => "ada", (view, _, _) => view! with { Deposits = view.Deposits + 1 });
            On<AccountEvent.Closed>((_, _, _) => default(Holding));
        }
    }

    private sealed class Wrong : Projection<Holding>
    {
        public Wrong()
            : base("Wrong Name", partitions: 65)
        {
            On<AccountEvent.Opened>((view, _, _) => view);
            On<AccountEvent.Opened>((view, _, _) => view);
            On<AccountEvent.Closed>((_, _, _) => Task.CompletedTask);
        }
    }

    private sealed class SameName() : Projection<Holding>("holdings");
}
