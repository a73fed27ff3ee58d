using Commerce.Accounts;
using Commerce.Values;
using Loire.EventLog;
using Loire.Projections;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Batches_that_are_lost_repeated_or_late_are_made_good_from_the_log()
    {
        await using var loire = await Start();
        await Open(loire, "a-1");
        await Deposit(loire, "a-1", 5);
        (await Total(loire)).ShouldBe(5);
        var page = await loire.Log.ReadAll(0, LogFilter.All, 10, TestContext.Current.CancellationToken);
        var stream = loire.Streams.GetStream<SubscriptionBatch>(StreamId.Create(SubscriptionBatch.StreamNamespace, "totals@1/0"));

        await stream.OnNextAsync(new SubscriptionBatch(0, page.Through, [.. page.Events]));
        await stream.OnNextAsync(new SubscriptionBatch(1, page.Through, [.. page.Events.Skip(1)]));
        await loire.Append(Deposited(page.Events[^1], 7));
        await stream.OnNextAsync(new SubscriptionBatch(page.Through + 1, page.Through + 1, []));

        (await Total(loire)).ShouldBe(12);
    }

    [Fact]
    public async Task Of_two_that_handle_the_same_events_one_gives_way_and_goes_on_where_the_other_is()
    {
        await using var loire = await Start();
        await Open(loire, "a-1");
        await Deposit(loire, "a-1", 5);
        (await Total(loire)).ShouldBe(5);
        var other = loire.Services.GetRequiredService<SubscriptionRegistry>().Get("totals@1").NewHandler();
        await other.Prepare(TestContext.Current.CancellationToken);
        var page = await loire.Log.ReadAll(0, LogFilter.All, 10, TestContext.Current.CancellationToken);

        var changes = await other.Handle(
            page.Events.Where(e => e.Type == "account.deposited").ToList(), TestContext.Current.CancellationToken);
        (await loire.Services.GetRequiredService<EventLog.Views.IViewStore>()
            .Commit(new EventLog.Views.CheckpointMove("totals@1", 0, 0, page.Through), changes)).ShouldBeFalse();

        await Deposit(loire, "a-1", 2);
        (await Total(loire)).ShouldBe(7);
    }

    [Fact]
    public async Task Who_waits_while_a_subscription_opens_is_told_where_it_begins()
    {
        var faults = new StoreFaults();
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddAggregate<AccountGrain, AccountDecider>().AddProjection<AccountsView>(),
            new LoireTestClusterOptions { Faults = faults });
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("ada", Money.Of(5)));
        await cluster.View("accounts", "a-1");
        var opening = faults.Before(StoreOperationKind.ReadCheckpoint, "accounts@1").Holds();
        await cluster.Restart();
        await opening.Happened.WaitAsync(LoireHost.Limit, TestContext.Current.CancellationToken);

        var waiting = cluster.Grains.GetGrain<ISubscriptionGrain>("accounts@1/0").WaitUntil(cluster.Log.Head, LoireHost.Limit);
        await cluster.Grains.GetGrain<ISubscriptionGrain>("accounts@1/0").Status();
        opening.Release();

        (await waiting).ShouldBeTrue();
    }

    [Fact]
    public async Task A_view_goes_on_after_a_restart_where_it_was()
    {
        var first = await Start();
        await Open(first, "a-1");
        await Deposit(first, "a-1", 5);
        (await Total(first)).ShouldBe(5);
        var folder = await first.Stop();

        await using var second = await Start(folder);
        await Deposit(second, "a-1", 3);

        (await Total(second)).ShouldBe(8);
    }

    [Fact]
    public async Task A_view_that_is_added_later_takes_in_what_was_before()
    {
        var first = await LoireHost.Start();
        await Open(first, "a-1");
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Deposit(first, "a-1", 1)));
        var folder = await first.Stop();

        await using var second = await Start(folder);

        (await Total(second)).ShouldBe(300);
    }

    [Fact]
    public async Task Waiting_for_a_position_that_is_not_reached_ends_in_time()
    {
        await using var loire = await Start();

        (await loire.Views.WaitUntil(loire.ViewNamed("totals"), 1_000, TimeSpan.FromMilliseconds(20))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_view_that_does_not_care_for_an_event_still_reaches_its_position()
    {
        await using var loire = await Start();
        var opened = await Open(loire, "a-1");

        (await loire.Views.WaitUntil(loire.ViewNamed("products"), opened.Position, LoireHost.Limit)).ShouldBeTrue();
        var page = await loire.Views.Query(
            loire.ViewNamed("products"), new EventLog.Views.ViewQuery(), TestContext.Current.CancellationToken);
        page.Position.ShouldBeGreaterThanOrEqualTo(opened.Position);
    }

    private static Task<LoireHost> Start(string? folder = null) =>
        LoireHost.Start(folder, loire: l => l.AddProjection<TotalsView>());

    private static Task<Commands.CommandReceipt> Open(LoireHost loire, string id) =>
        loire.Accepted("account", id, new AccountCommand.Open("o-1", Money.Of(0)));

    private static Task Deposit(LoireHost loire, string id, decimal amount) =>
        loire.Accepted("account", id, new AccountCommand.Deposit(Money.Of(amount)));

    private static async Task<decimal> Total(LoireHost loire) =>
        (await loire.View("totals", "all"))?.GetProperty("amount").GetDecimal() ?? 0;

    private static AppendRequest Deposited(RecordedEvent last, params IEnumerable<decimal> amounts) => new(
        last.Stream,
        last.Version,
        [
            .. amounts.Select(amount => new NewEvent(
                Guid.NewGuid(),
                "account.deposited",
                1,
                last.OccurredAt,
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { amount }),
                EventMetadata.None)),
        ]);

    public sealed record Totals(decimal Amount);

    public sealed class TotalsView : Projection<Totals>
    {
        public TotalsView()
            : base("totals")
        {
            On<AccountEvent.Deposited>(
                (_, _) => "all",
                (view, e, _) => new Totals((view?.Amount ?? 0) + e.Amount.Amount));
        }
    }
}
