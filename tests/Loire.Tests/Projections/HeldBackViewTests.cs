using Commerce.Accounts;
using Commerce.Values;
using Loire.DeadLetters;
using Loire.Hosting;
using Loire.Projections;
using Loire.Subscriptions;
using Loire.Testing;
using Loire.Tests.DeadLetters;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Projections;

/// <summary>Documents that events of several aggregates change, while one of these is held back.</summary>
public sealed class HeldBackViewTests
{
    [Fact]
    public async Task What_several_aggregates_change_is_given_the_others_events_first()
    {
        var trouble = new Trouble();
        await using var accounts = await RebuildCluster.Start(loire: loire => AddBank(loire, trouble));
        var cluster = accounts.Cluster;
        trouble.With(13);
        await cluster.Given("account", "ada", new AccountEvent.Deposited(Money.Of(1)), new AccountEvent.Deposited(Money.Of(13)));
        await cluster.Given("account", "bob", new AccountEvent.Deposited(Money.Of(2)));
        await cluster.Given("account", "ada", new AccountEvent.Deposited(Money.Of(4)));
        await cluster.Given("account", "bob", new AccountEvent.Deposited(Money.Of(8)));

        // Neither the event that cannot be handled nor the one behind it counts; those of the other account do.
        (await Bank(cluster)).ShouldBe(new BankView(11, 8, 8, 5));
        trouble.Over();
        await cluster.Patiently(async () =>
            await cluster.Grains.GetGrain<IDeadLetterGrain>("bank@1/0").RetryAll() is { Left: 0, Failed: 0 } report
                ? report
                : throw new TimeoutException("There are dead letters left."));

        // Sums do not mind. What came last is now what was handled last, unless the projection looks at positions.
        (await Bank(cluster)).ShouldBe(new BankView(28, 4, 8, 5));
        var auditor = cluster.Grains.GetGrain<IAuditGrain>("bank");
        (await auditor.Start(new AuditRequest())).Refusal.ShouldBeNull();
        var report = await auditor.Ended(LoireHost.Limit);
        report!.Tables.ShouldHaveSingleItem().Differences.ShouldBe([new AuditDifference("all", AuditFinding.Different, 5)]);

        // In a rebuild they come in the order of the log.
        var rebuild = cluster.Grains.GetGrain<IRebuildGrain>("bank");
        (await rebuild.Start()).Refusal.ShouldBeNull();
        (await rebuild.Ended(LoireHost.Limit))!.State.ShouldBe(RebuildState.Completed);
        (await Bank(cluster)).ShouldBe(new BankView(28, 8, 8, 5));
    }

    private static Task<BankView?> Bank(LoireTestCluster cluster) => cluster.View<BankView>("bank", "all");

    private static void AddBank(LoireBuilder loire, Trouble trouble)
    {
        loire.Services.AddSingleton(trouble);
        loire.Services.Configure<SubscriptionOptions>(options =>
            (options.Failures.MaxAttempts, options.Failures.MaxFailingShare) = (1, 0));
        loire.AddAggregate<AccountGrain, AccountDecider>().AddProjection<BankProjection>();
    }

    /// <param name="Total">Of all deposits.</param>
    /// <param name="Handled">The deposit that was handled last.</param>
    /// <param name="Last">The last deposit of the log.</param>
    /// <param name="At">Where that is.</param>
    private sealed record BankView(decimal Total, decimal Handled, decimal Last, long At);

    private sealed class BankProjection : Projection<BankView>
    {
        public BankProjection(Trouble trouble)
            : base("bank") =>
            On<AccountEvent.Deposited>((_, _) => "all", (view, e, info) =>
            {
                trouble.Meet(e.Amount.Amount);
                var isLast = info.Position > (view?.At ?? 0);
                return new BankView(
                    (view?.Total ?? 0) + e.Amount.Amount, e.Amount.Amount, isLast ? e.Amount.Amount : view!.Last, isLast ? info.Position : view!.At);
            });
    }
}
