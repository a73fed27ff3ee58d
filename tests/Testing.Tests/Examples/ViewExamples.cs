using Commerce;
using Commerce.Accounts;
using Commerce.Orders;
using Commerce.Users;
using Commerce.Values;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing.Tests.Examples;

/// <summary>The examples of docs/projections.md and docs/queries.md.</summary>
public sealed class ViewExamples
{
    [Fact]
    public void Owners_are_known_by_name_with_the_number_of_their_accounts() => Specify.Projection(new OwnersView())
        .Given("ada", new UserEvent.Registered("Ada", "ada@example.org"))
        .Given("a-1", new AccountEvent.Opened("ada", Money.Zero))
        .Given("a-2", new AccountEvent.Opened("bob", Money.Zero))
        .When("a-3", new AccountEvent.Opened("ada", Money.Zero))
        .ThenDocument("ada", new OwnerView("ada", "Ada", 2))
        .ThenDocument("bob", new OwnerView("bob", "", 1));

    [Fact]
    public async Task Large_orders_are_asked_for_after_the_command()
    {
        await using var cluster = await LoireTestCluster.Start(loire => loire.AddCommerce().AddQuery<LargeOrdersHandler>());
        var queries = cluster.Services.GetRequiredService<IQueries>();
        await cluster.Accepted("order", "o-1", new OrderCommand.Place("ada", [new("lamp", Quantity.Of(1), Money.Of(100))], "card"));
        var receipt = await cluster.Accepted(
            "order", "o-2", new OrderCommand.Place("ada", [new("lamp", Quantity.Of(1), Money.Of(99))], "card"));

        var answer = await queries.Ask(new OrdersOfCustomer("ada"), after: receipt.Position);

        answer!.Orders.Items.Select(o => o.Id).ShouldBe(["o-2", "o-1"]);
        (await queries.Ask(new LargeOrders("ada")))!.Items.ShouldHaveSingleItem().Id.ShouldBe("o-1");
    }
}

public sealed class OwnersView : Projection<OwnerView>
{
    public OwnersView()
        : base("owners", version: 1, partitions: 4)
    {
        var names = Lookup<NameEntry>("names");
        var totals = Output<TotalView>("owner-totals");

        On<UserEvent.Registered, NameEntry>(names, (_, info) => info.AggregateId, (_, e, _) => new NameEntry(e.Name));
        On<AccountEvent.Opened>((e, _) => e.OwnerId, async (lookups, view, e, _) =>
            new OwnerView(e.OwnerId, (await lookups.Find(names, e.OwnerId))?.Name ?? "", (view?.Accounts ?? 0) + 1));
        On<AccountEvent.Opened, TotalView>(totals, (_, _) => "all", (view, _, _) => new TotalView((view?.Accounts ?? 0) + 1));
    }
}

public sealed record OwnerView(string Id, string Name, int Accounts);

public sealed record NameEntry(string Name);

public sealed record TotalView(int Accounts);

public sealed record LargeOrders(string CustomerId, int Limit = 20, string? Cursor = null) : IQuery<Page<OrderView>>;

public sealed class LargeOrdersHandler : IQueryHandler<LargeOrders, Page<OrderView>>
{
    public IReadOnlyList<Type> Reads { get; } = [typeof(OrderView)];

    public async Task<Page<OrderView>?> Answer(LargeOrders query, IViews views, CancellationToken cancellation) =>
        await views.Query<OrderView>(orders => orders
            .Where(nameof(OrderView.CustomerId), query.CustomerId)
            .Where(nameof(OrderView.Total), Comparison.GreaterOrEqual, 100m)
            .OrderByDescending(nameof(OrderView.PlacedAt))
            .Page(query.Limit, query.Cursor));
}
