using Commerce.Orders;
using Loire.EventLog;
using Loire.Processes;
using Loire.Testing;

namespace Loire.Tests.Processes;

public sealed class ProcessTests
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(3000);

    [Fact]
    public async Task Events_of_several_aggregates_move_one_process()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(Never));
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Accepted("payment", "o-1", Orders.Charge("o-1"));
        (await cluster.Process("o-1")).Data!.Value.GetProperty("paid").GetBoolean().ShouldBeTrue();

        await cluster.Accepted("order", "o-1", new OrderCommand.Confirm());

        var process = await cluster.Process("o-1");
        process.Status.ShouldBe(ProcessStatus.Completed);
        process.State.ShouldBe("confirmed");
        process.Timers.ShouldBeEmpty();
        process.WakeAt.ShouldBeNull();
        process.CorrelationId.ShouldBe("test-o-1");
        process.History.Select(h => (h.Event, h.Input, h.Detail)).ShouldBe(
            [
                ("moved", "order.placed", "waiting"), ("moved", "payment.charged", "waiting"), ("moved", "order.confirmed", "confirmed"),
            ]);
    }

    [Fact]
    public async Task What_a_timer_leads_to_is_done_once()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(TimeSpan.FromMilliseconds(20)));
        await cluster.Accepted("order", "o-1", Orders.Place);

        await cluster.ProcessIn("cancelled");

        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Cancelled"]);
        (await cluster.Names(OrderExpiry.Name, "o-1")).Order().ShouldBe(["CommandSent", "Moved", "Moved", "Moved"]);
        (await cluster.StateOf("order", "o-1")).GetProperty("cancelReason").GetString().ShouldBe(OrderExpiry.Reason);
    }

    [Fact]
    public async Task Everything_a_process_does_carries_the_correlation_id_of_what_started_it()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(TimeSpan.FromMilliseconds(20)));
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.ProcessIn("cancelled");

        var page = await cluster.Log.ReadAll(
            0, new LogFilter { CorrelationId = "test-o-1" }, 100, TestContext.Current.CancellationToken);

        page.Events.Count.ShouldBe((int)cluster.Log.Head);
        var placed = page.Events.Single(e => e.Type == "order.placed");
        var started = page.Events.First(e => e.Type == "order-expiry.moved");
        started.Metadata.CausationId.ShouldBe(placed.EventId.ToString());
        page.Events.Single(e => e.Type == "order.cancelled").Metadata.CausationId.ShouldBe("order-expiry/o-1");
    }

    [Fact]
    public async Task Events_that_are_delivered_again_change_nothing()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(Never));
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Accepted("payment", "o-1", Orders.Charge("o-1"));
        await cluster.Process("o-1");
        var before = await cluster.Names(OrderExpiry.Name, "o-1");
        var events = await cluster.LogOf("order", "payment");

        await cluster.HandOver(OrderExpiry.Name, "o-1", events);
        await cluster.HandOver(OrderExpiry.Name, "o-1", events.Reverse());
        await cluster.Restart();
        await cluster.HandOver(OrderExpiry.Name, "o-1", events);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cluster.HandOver(OrderExpiry.Name, "o-1", events)));

        (await cluster.Names(OrderExpiry.Name, "o-1")).ShouldBe(before);
    }

    [Fact]
    public async Task Deliveries_that_race_each_other_count_once()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(Never));
        var faults = Enumerable.Range(0, 8).Select(i => $"o-{i}").ToArray();
        foreach (var id in faults)
        {
            await cluster.Accepted("order", id, Orders.Place);
        }

        var events = await cluster.LogOf("order");
        await Task.WhenAll(events.SelectMany(e => Enumerable.Range(0, 5).Select(_ => cluster.HandOver(OrderExpiry.Name, e.Stream.Id, e))));

        foreach (var id in faults)
        {
            (await cluster.Names(OrderExpiry.Name, id)).ShouldBe(["Moved"]);
        }
    }

    [Fact]
    public async Task An_event_that_was_held_back_while_others_went_on_is_handled_when_it_comes()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(Never));
        var placed = await cluster.Given("order", "o-1", new OrderEvent.Placed("ada", [], default, "card", default));
        await cluster.Reached($"{OrderExpiry.Name}-trigger", placed);

        // The payment is before the confirmation in the log, but comes after it.
        RecordedEvent Made(string aggregate, string type, long version, long position, string data) => new(
            position, Guid.NewGuid(), new StreamName(aggregate, "o-1"), version, type, 1, TimeProvider.System.GetUtcNow(),
            System.Text.Encoding.UTF8.GetBytes(data), EventMetadata.None);
        var late = Made("payment", "payment.charged", 1, placed + 1, """{"orderId":"o-1","customerId":"ada","amount":1,"method":"card"}""");
        var later = Made("payment", "payment.charged", 2, placed + 2, """{"orderId":"o-1","customerId":"ada","amount":2,"method":"card"}""");

        await cluster.HandOver(OrderExpiry.Name, "o-1", later, late, late, later);

        (await cluster.EventsOf(OrderExpiry.Name, "o-1")).Cast<ProcessEvent.Moved>().Select(e => e.Input.Position)
            .ShouldBe([placed, placed + 2, placed + 1]);
    }

    [Fact]
    public async Task An_event_that_came_before_the_start_is_ignored_also_when_it_comes_again()
    {
        await using var cluster = await LoireTestCluster.Start(Orders.Watched(Never));
        await cluster.Accepted("payment", "o-1", Orders.Charge("o-1"));
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Process("o-1");

        await cluster.HandOver(OrderExpiry.Name, "o-1", await cluster.LogOf("payment"));

        (await cluster.Names(OrderExpiry.Name, "o-1")).ShouldBe(["Moved"]);
        (await cluster.Process("o-1")).Data!.Value.GetProperty("paid").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_process_that_is_new_begins_with_what_comes()
    {
        var storage = new InMemoryStorage();
        await using (var before = await LoireTestCluster.Start(
            loire => loire.AddAggregate<OrderGrain, OrderDecider>(), new LoireTestClusterOptions { Store = TestStore.InMemory(storage) }))
        {
            await before.Accepted("order", "old", Orders.Place);
        }

        await using var cluster = await LoireTestCluster.Start(
            Orders.Watched(Never), new LoireTestClusterOptions { Store = TestStore.InMemory(storage) });
        await cluster.Accepted("order", "new", Orders.Place);

        (await cluster.Process("new")).State.ShouldBe("waiting");
        (await cluster.Names(OrderExpiry.Name, "old")).ShouldBeEmpty();
    }
}
