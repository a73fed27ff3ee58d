using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Commerce;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Values;
using Loire.Commands;
using Loire.EventLog;
using Loire.Testing;

namespace Loire.Tests;

public sealed class ClusterTests
{
    private const int Products = 5;
    private const int StockEach = 60;
    private const int Orders = 240;
    private const int OrdersPerKill = 30;
    private const int Price = 10;

    private readonly ConcurrentDictionary<string, CommandReceipt> _acknowledged = new();
    private readonly Channel<string> _progress = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task Orders_come_through_while_silos_are_killed_and_restarted()
    {
        await using var commerce = await LoireTestCluster.Start(
            loire => loire.AddCommerce(),
            new LoireTestClusterOptions { Silos = 3, Store = TestStore.Sqlite(), Limit = TimeSpan.FromMinutes(2) });
        for (var product = 0; product < Products; product++)
        {
            await commerce.AcceptedInTheEnd(
                "inventory", $"p-{product}", new InventoryCommand.ReceiveStock(Quantity.Of(StockEach)), key: "receive");
        }

        var kills = KillAndRestart(commerce);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(customer => Task.Run(() => PlaceSome(commerce, customer))));
        _progress.Writer.Complete();
        (await kills).ShouldBeGreaterThanOrEqualTo(5);

        await EachIsInTheLogOnce(commerce);
        var completed = await AllSagasEnd(commerce);
        await StockAndPaymentsAgree(commerce, completed);
    }

    private async Task PlaceSome(LoireTestCluster commerce, int customer)
    {
        for (var i = customer; i < Orders; i += 8)
        {
            var id = $"o-{i}";
            var method = i % 10 == 9 ? PaymentDecider.DeclinedMethod : "card";
            _acknowledged[id] = await commerce.AcceptedInTheEnd(
                "order",
                id,
                new OrderCommand.Place($"c-{customer}", [new OrderItem(ProductOf(i), Quantity.Of(QuantityOf(i)), Money.Of(Price))], method),
                key: "place");
            _progress.Writer.TryWrite(id);
        }
    }

    private async Task<int> KillAndRestart(LoireTestCluster commerce)
    {
        var placed = 0;
        var kills = 0;
        await foreach (var _ in _progress.Reader.ReadAllAsync())
        {
            if (++placed % OrdersPerKill != 0)
            {
                continue;
            }

            var silo = commerce.Cluster.Silos[kills % commerce.Cluster.Silos.Count];
            await commerce.Cluster.KillSiloAsync(silo);
            await commerce.Cluster.RestartSiloAsync(silo);
            if (++kills % 3 == 0)
            {
                await commerce.Cluster.RestartSiloAsync(commerce.Cluster.Silos[0]);
            }
        }

        return kills;
    }

    private async Task EachIsInTheLogOnce(LoireTestCluster commerce)
    {
        _acknowledged.Count.ShouldBe(Orders);
        foreach (var (id, receipt) in _acknowledged)
        {
            var events = await commerce.Log.Load(new StreamName("order", id));
            events.Count(e => e.Type == "order.placed").ShouldBe(1, id);
            events[0].EventId.ShouldBe(receipt.Events.ShouldHaveSingleItem().EventId, id);
            events[0].Position.ShouldBe(receipt.Position, id);
        }
    }

    private static async Task<HashSet<int>> AllSagasEnd(LoireTestCluster commerce)
    {
        var completed = new HashSet<int>();
        for (var i = 0; i < Orders; i++)
        {
            var saga = await commerce.Until(
                "sagas", $"order-fulfillment:o-{i}", s => Status(s) is "completed" or "failed");
            if (Status(saga) == "completed")
            {
                completed.Add(i);
            }
        }

        return completed;
    }

    private static async Task StockAndPaymentsAgree(LoireTestCluster commerce, HashSet<int> completed)
    {
        completed.Count.ShouldBeGreaterThan(0);
        completed.Count.ShouldBeLessThan(Orders);
        for (var product = 0; product < Products; product++)
        {
            var id = $"p-{product}";
            var reserved = completed.Where(i => ProductOf(i) == id).Sum(QuantityOf);
            var stock = await commerce.StateOf("inventory", id);
            stock.ToString().ShouldBe($$"""{"available":{{StockEach - reserved}},"reserved":{{reserved}}}""");
            var view = (await commerce.View("inventory", id)).ShouldNotBeNull();
            Numbers(view).ShouldBe(Numbers(stock), id);
        }

        for (var i = 0; i < Orders; i++)
        {
            var id = $"o-{i}";
            var order = await commerce.StateOf("order", id);
            Status(order).ShouldBe(completed.Contains(i) ? "confirmed" : "cancelled", id);
            Status((await commerce.View("orders", id)).ShouldNotBeNull()).ShouldBe(Status(order), id);
            var payment = await commerce.StateOf("payment", id);
            if (completed.Contains(i))
            {
                Status(payment).ShouldBe("charged", id);
                payment.GetProperty("amount").GetDecimal().ShouldBe(Price * QuantityOf(i), id);
            }
            else
            {
                Status(payment).ShouldNotBe("charged", id);
            }
        }
    }

    private static string ProductOf(int order) => $"p-{order % Products}";

    private static int QuantityOf(int order) => 1 + (order % 3);

    private static (long, long) Numbers(JsonElement stock) =>
        (stock.GetProperty("available").GetInt64(), stock.GetProperty("reserved").GetInt64());

    private static string? Status(JsonElement document) => document.GetProperty("status").GetString();
}
