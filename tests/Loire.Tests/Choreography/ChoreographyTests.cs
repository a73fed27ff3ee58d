using Commerce;
using Loire.Testing;

namespace Loire.Tests.Choreography;

public sealed class ChoreographyTests
{
    /// <summary>Where a silo dies: an operation of the store, of what, and after how many like it.</summary>
    public static TheoryData<StoreOperationKind, string, bool, int> Crashes => new()
    {
        { StoreOperationKind.Append, "inventory/lamp", true, 1 },
        { StoreOperationKind.Append, "payment/declined", true, 0 },
        { StoreOperationKind.Append, "shipment/undone", false, 1 },
        { StoreOperationKind.Append, "order/out-of-stock", false, 1 },
        { StoreOperationKind.CommitView, "order-stock", false, 1 },
        { StoreOperationKind.CommitView, "order-payment", true, 1 },
    };

    private static readonly Lazy<Task<string>> EndOfTheSaga = new(() => Ending(Fulfillment.Saga));

    [Fact]
    public async Task Choreography_ends_where_the_saga_ends()
    {
        var saga = await EndOfTheSaga.Value;

        (await Ending(Fulfillment.Choreography)).ShouldBe(saga);

        // And neither ends where it began.
        saga.ShouldContain("order/fulfilled {\"customerId\":\"ada\"");
        saga.Split('\n').Where(s => s.StartsWith("order/", StringComparison.Ordinal)).Select(s => s.Contains("\"status\":\"confirmed\"", StringComparison.Ordinal))
            .ShouldBe([true, true, false, false, false, false]);
        saga.ShouldContain("100 of product chair are wanted");
        saga.ShouldContain("The payment was declined.");
        saga.ShouldContain("payment/meanwhile does not stand");
        saga.ShouldContain("inventory/table {\"available\":20,\"reserved\":0}");
    }

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task A_silo_that_dies_on_the_way_changes_nothing_in_the_end(StoreOperationKind kind, string target, bool after, int skip)
    {
        var orders = new OrderEndings(Fulfillment.Choreography);
        var faults = orders.Faults;
        await using var cluster = await orders.Start();
        var silo = cluster.Cluster.Silos[0];
        var crash = (after ? faults.After(kind, target) : faults.Before(kind, target)).Skip(skip).Kills(cluster, silo);

        await orders.Play(cluster);

        crash.Happened.IsCompleted.ShouldBeTrue();
        (await OrderEndings.Of(cluster)).ShouldBe(await EndOfTheSaga.Value);
    }

    private static async Task<string> Ending(Fulfillment fulfillment)
    {
        var orders = new OrderEndings(fulfillment);
        await using var cluster = await orders.Start();
        await orders.Play(cluster);
        return await OrderEndings.Of(cluster);
    }
}
