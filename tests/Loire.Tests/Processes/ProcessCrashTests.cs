using Commerce.Orders;
using Loire.Processes;
using Loire.Testing;

namespace Loire.Tests.Processes;

/// <summary>A silo dies at every place between two events of a process; whatever it was doing is done once.</summary>
public sealed class ProcessCrashTests
{
    [Theory]
    [InlineData("before the order is seen", true, StoreOperationKind.Append, "order-expiry/o-1", 0)]
    [InlineData("after the order is seen", false, StoreOperationKind.Append, "order-expiry/o-1", 0)]
    [InlineData("before the timer is handled", true, StoreOperationKind.Append, "order-expiry/o-1", 1)]
    [InlineData("after the timer is handled", false, StoreOperationKind.Append, "order-expiry/o-1", 1)]
    [InlineData("before the command takes effect", true, StoreOperationKind.Append, "order/o-1", 1)]
    [InlineData("after the command has taken effect", false, StoreOperationKind.Append, "order/o-1", 1)]
    [InlineData("before the first of what follows from the command", true, StoreOperationKind.Append, "order-expiry/o-1", 2)]
    [InlineData("after the first of what follows from the command", false, StoreOperationKind.Append, "order-expiry/o-1", 2)]
    [InlineData("before the last of what follows from the command", true, StoreOperationKind.Append, "order-expiry/o-1", 3)]
    [InlineData("after the last of what follows from the command", false, StoreOperationKind.Append, "order-expiry/o-1", 3)]
    [InlineData("before the trigger's checkpoint", true, StoreOperationKind.CommitView, "order-expiry-trigger", 0)]
    [InlineData("after the trigger's checkpoint", false, StoreOperationKind.CommitView, "order-expiry-trigger", 0)]
    [InlineData("before the view", true, StoreOperationKind.CommitView, "processes@1", 0)]
    [InlineData("after the view", false, StoreOperationKind.CommitView, "processes@1", 0)]
    public async Task A_silo_that_dies(string place, bool before, StoreOperationKind kind, string target, int skip)
    {
        var faults = new StoreFaults();
        await using var cluster = await LoireTestCluster.Start(
            Orders.Watched(TimeSpan.FromMilliseconds(100)), new LoireTestClusterOptions
            {
                // On Orleans a call to a silo that has died may take half a minute to fail, and several may come one after the other.
                Faults = faults, Limit = TimeSpan.FromMinutes(3),
            });
        var silo = cluster.Cluster.Silos[0];
        var fault = (before ? faults.Before(kind, target) : faults.After(kind, target)).Skip(skip).Kills(cluster, silo);
        await cluster.AcceptedInTheEnd("order", "o-1", Orders.Place, key: "place");

        await fault.Happened.WaitAsync(LoireHost.Limit, TestContext.Current.CancellationToken);
        await cluster.Cluster.StartAdditionalSiloAsync();

        var process = await cluster.ProcessIn("cancelled");
        place.ShouldNotBeEmpty();
        process.GetProperty("status").GetString().ShouldBe("completed");
        await cluster.Until(ProcessesView.Name, $"{OrderExpiry.Name}:o-1", p => p.GetProperty("outbox").GetArrayLength() == 0);
        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Cancelled"]);
        var moves = (await cluster.EventsOf(OrderExpiry.Name, "o-1")).OfType<ProcessEvent.Moved>().ToList();
        moves.Select(m => (m.Input.Name, m.To)).ShouldBe(
            [("order.placed", "waiting"), (OrderExpiry.TooLate, "expiring"), ("order.cancelled", "cancelled")]);
    }
}
