using Commerce;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Products;
using Commerce.Users;
using Commerce.Values;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing.Tests.Queries;

/// <summary>Queries in process.</summary>
public sealed class QueryTests
{
    [Fact]
    public async Task A_query_that_is_asked_after_a_command_has_seen_it()
    {
        await using var cluster = await Start(silos: 2);
        foreach (var n in Enumerable.Range(0, 20))
        {
            var queries = cluster.Cluster.Silos[n % 2].ServiceProvider.GetRequiredService<IQueries>();
            var receipt = await cluster.Accepted("order", $"o-{n}", new OrderCommand.Place("ada", [new("lamp", Quantity.Of(1), Money.Of(n))], "card"));

            var orders = (await queries.Ask(new OrdersOfCustomer("ada"), after: receipt.Position))!.Orders;

            orders.Total.ShouldBe(n + 1);
            orders.Items[0].Id.ShouldBe($"o-{n}");
            orders.Position.ShouldBeGreaterThanOrEqualTo(receipt.Position);
        }
    }

    [Fact]
    public async Task A_client_that_is_no_silo_asks_the_same_queries()
    {
        await using var cluster = await Start();
        await cluster.Given("user", "ada", new UserEvent.Registered("Ada", "a@example.org"));
        await using var client = new ServiceCollection()
            .AddLoireQueries(loire => loire.AddCommerce())
            .AddSingleton<IGrainFactory>(cluster.Grains)
            .AddSingleton<IViewStore>(cluster.Views)
            .BuildServiceProvider();

        var answer = await client.GetRequiredService<IQueries>().Ask(new OrdersOfCustomer("ada"), after: cluster.Log.Head);

        answer!.CustomerName.ShouldBe("Ada");
        (await client.GetRequiredService<IQueries>().Ask(new OrdersOfCustomer("nobody"))).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_valid_or_not_there_is_told()
    {
        await using var cluster = await Start();
        var queries = cluster.Services.GetRequiredService<IQueries>();

        (await Should.ThrowAsync<InvalidQueryException>(() => queries.Ask(new OrdersOfCustomer("ada", Limit: 0))))
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("limit");
        await Should.ThrowAsync<InvalidCursorException>(() => queries.Ask(new OrdersOfCustomer("ada", Cursor: "x")));
        (await Should.ThrowAsync<InvalidOperationException>(() => queries.Ask(new Unregistered()))).Message.ShouldContain("Unregistered");
        (await Should.ThrowAsync<InvalidOperationException>(() => queries.Ask(new Sneaky()))).Message.ShouldContain("does not declare it");
        (await Should.ThrowAsync<ArgumentException>(() => queries.Ask(new Mistaken()))).Message.ShouldContain("Declared are: id, name, email, isActive");
    }

    [Fact]
    public async Task Registrations_that_cannot_work_are_told_at_the_start()
    {
        (await Refused(loire => loire.AddQuery<SneakyHandler>())).ShouldContain("The query 'sneaky' reads UserView, which is the document of 0 projections");
        (await Refused(loire => loire.AddCommerce().AddQuery<OrdersHandler>())).ShouldContain("Two queries have the name 'orders-of-customer'");
        (await Refused(loire => loire.AddQuery<ListHandler>())).ShouldContain("'ids' of List cannot be a parameter");
        (await Refused(loire => loire.AddQuery<OrdersView>())).ShouldContain("answers 0 queries");
    }

    private static async Task<string> Refused(Action<LoireBuilder> configure)
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(async () => await (await LoireTestCluster.Start(configure)).DisposeAsync());
        return refused.Message;
    }

    private static Task<LoireTestCluster> Start(short silos = 1) => LoireTestCluster.Start(
        loire => loire.AddCommerce().AddQuery<SneakyHandler>().AddQuery<MistakenHandler>(),
        new LoireTestClusterOptions { Silos = silos });

    private sealed record Unregistered : IQuery<string>;

    private sealed record Sneaky : IQuery<StockView>;

    private sealed class SneakyHandler : IQueryHandler<Sneaky, StockView>
    {
        public IReadOnlyList<Type> Reads { get; } = [typeof(UserView)];

        public Task<StockView?> Answer(Sneaky query, IViews views, CancellationToken cancellation) => views.Find<StockView>("x");
    }

    private sealed record Mistaken : IQuery<Page<UserView>>;

    private sealed class MistakenHandler : IQueryHandler<Mistaken, Page<UserView>>
    {
        public IReadOnlyList<Type> Reads { get; } = [typeof(UserView)];

        public async Task<Page<UserView>?> Answer(Mistaken query, IViews views, CancellationToken cancellation) =>
            await views.Query<UserView>(users => users.Where("Age", 7));
    }

    private sealed record List(IReadOnlyList<string> Ids) : IQuery<string>;

    private sealed class ListHandler : IQueryHandler<List, string>
    {
        public IReadOnlyList<Type> Reads { get; } = [];

        public Task<string?> Answer(List query, IViews views, CancellationToken cancellation) => Task.FromResult<string?>(null);
    }

    private sealed class OrdersHandler : IQueryHandler<OtherOrders.OrdersOfCustomer, string>
    {
        public IReadOnlyList<Type> Reads { get; } = [typeof(ProductView)];

        public Task<string?> Answer(OtherOrders.OrdersOfCustomer query, IViews views, CancellationToken cancellation) =>
            Task.FromResult<string?>(null);
    }

    private static class OtherOrders
    {
        internal sealed record OrdersOfCustomer : IQuery<string>;
    }
}
