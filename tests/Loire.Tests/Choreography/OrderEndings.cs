using System.Collections.Immutable;
using System.Text.Json;
using Commerce;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Values;
using Loire.Testing;

namespace Loire.Tests.Choreography;

/// <summary>The same orders for both forms of fulfillment, and what became of them.</summary>
internal sealed class OrderEndings(Fulfillment fulfillment)
{
    public static readonly ImmutableArray<string> Orders = ["fulfilled", "two-products", "out-of-stock", "declined", "undone", "meanwhile"];

    private static readonly ImmutableArray<string> Products = ["lamp", "chair", "table"];

    private readonly TaskCompletionSource _atThePayment = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreFaults Faults { get; } = new();

    public Task<LoireTestCluster> Start() => LoireTestCluster.Start(
        loire => loire.AddCommerce(fulfillment),
        new LoireTestClusterOptions
        {
            Silos = 2,
            Faults = Faults,

            // On Orleans a call to a silo that has died may take its 30 seconds to fail.
            Limit = TimeSpan.FromMinutes(2),
            Logging = Microsoft.Extensions.Logging.LogLevel.None,
            Silo = silo => silo.AddIncomingGrainCallFilter(HoldPayment),
        });

    /// <summary>Goes through all of them, while whatever the faults say goes wrong.</summary>
    public async Task Play(LoireTestCluster cluster)
    {
        foreach (var product in Products)
        {
            await cluster.Given("inventory", product, new InventoryEvent.StockReceived(Quantity.Of(20)));
        }

        await Place(cluster, "fulfilled", "card", ("lamp", 1));
        await Place(cluster, "two-products", "card", ("lamp", 2), ("chair", 1), ("lamp", 1));
        await Place(cluster, "out-of-stock", "card", ("table", 3), ("lamp", 1), ("chair", 100));
        await Place(cluster, "declined", "declined", ("lamp", 2), ("table", 1));
        await Place(cluster, "undone", "card", ("table", 2));
        await cluster.AcceptedInTheEnd("order", "undone", new OrderCommand.Cancel("Changed my mind."), "cancel");

        await cluster.Idle();
        await Place(cluster, "meanwhile", "card", ("chair", 2));
        await _atThePayment.Task.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        await cluster.AcceptedInTheEnd("order", "meanwhile", new OrderCommand.Cancel("Too slow."), "cancel");
        _cancelled.SetResult();
        await cluster.Idle();
    }

    /// <summary>The state of everything that orders touch, as the log says.</summary>
    public static async Task<string> Of(LoireTestCluster cluster)
    {
        var ids = from aggregate in new[] { "order", "payment", "shipment" } from order in Orders select (aggregate, order);
        List<string> states = [];
        foreach (var (aggregate, id) in ids.Concat(Products.Select(p => ("inventory", p))))
        {
            var state = await cluster.StateOf(aggregate, id);
            states.Add($"{aggregate}/{id} {(aggregate != "order" && id == "meanwhile" ? Standing(state) : state.ToString())}");
        }

        return string.Join('\n', states.Select(WithoutAvailable));
    }

    // The saga has recorded the rejection, and so can say how much there was; a reaction that may be repeated cannot.
    private static string WithoutAvailable(string state) => state.Replace(", 19 are available.", ".", StringComparison.Ordinal);

    // How far an order had come when its cancellation overtook it is chance; that nothing of it is left is not.
    private static string Standing(JsonElement state) => state.GetProperty("status").GetString() is "charged" or "created" ? "stands" : "does not stand";

    private static async Task Place(LoireTestCluster cluster, string id, string method, params IEnumerable<(string Product, int Quantity)> items)
    {
        OrderItem[] lines = [.. items.Select(i => new OrderItem(i.Product, Quantity.Of(i.Quantity), Money.Of(10)))];
        await cluster.AcceptedInTheEnd("order", id, new OrderCommand.Place("ada", [.. lines], method), "place");
        if (id != "meanwhile")
        {
            await cluster.Idle();
        }
    }

    /// <summary>One order is cancelled while it is being paid for.</summary>
    private async Task HoldPayment(IIncomingGrainCallContext call)
    {
        if (call.TargetId == GrainId.Create("payment", "meanwhile"))
        {
            _atThePayment.TrySetResult();
            await _cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        await call.Invoke();
    }
}
