using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Values;
using Loire.Sagas;
using Loire.Testing;
using Loire.Timers;

namespace Loire.Tests.Sagas;

/// <summary>Sagas that events start: the log says that they have started, and their grains are woken behind it.</summary>
public sealed class SagaTriggerTests
{
    private const string Saga = OrderFulfillment.Name;

    [Fact]
    public async Task A_saga_runs_although_nobody_could_wake_it_when_it_started()
    {
        var lost = new LostWakeUps();
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions
        {
            Time = ManualTime.Running(), Silo = silo => silo.AddOutgoingGrainCallFilter(lost),
        });
        await Place(cluster, "o-1");
        await lost.Happened.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        (await cluster.Until("o-1", _ => true, Saga)).Status.ShouldBe(SagaStatus.Started);

        cluster.Advance(TimeSpan.FromSeconds(6));

        (await cluster.SagaEnded(Saga, "o-1")).Status.ShouldBe(SagaStatus.Completed);
    }

    [Fact]
    public async Task A_saga_runs_whose_grain_was_asked_for_something_before_it_started()
    {
        await using var cluster = await TripHost.Start();
        (await cluster.Saga("o-1", Saga).Compensate("Not yet.")).Status.ShouldBe(SagaStatus.None);
        (await cluster.Saga("o-1", Saga).RetryStep("confirm-order")).Refusal!.Code.ShouldBe("saga-not-found");

        await Place(cluster, "o-1");

        (await cluster.SagaEnded(Saga, "o-1")).Status.ShouldBe(SagaStatus.Completed);
    }

    [Fact]
    public async Task A_saga_starts_once_when_its_event_is_handled_again()
    {
        var faults = new StoreFaults();
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Faults = faults });
        var again = faults.After(StoreOperationKind.CommitView, $"{Saga}-trigger").Fails();

        await Place(cluster, "o-1");
        await again.Happened.WaitAsync(cluster.Limit, TestContext.Current.CancellationToken);
        await cluster.SagaEnded(Saga, "o-1");
        await cluster.Reached($"{Saga}-trigger");

        (await cluster.EventsOf(Saga, "o-1")).OfType<SagaEvent.Started>().Count().ShouldBe(1);
        (await cluster.StateOf("inventory", "p-1")).GetProperty("reserved").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_starts_a_saga_at_the_same_time_as_an_event_learns_that_it_has_started()
    {
        var faults = new StoreFaults();
        await using var cluster = await TripHost.Start(new LoireTestClusterOptions { Faults = faults });
        await cluster.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));

        // The grain finds nothing, and before it can append, the event has started the saga.
        var gate = faults.Before(StoreOperationKind.Append, $"{Saga}/o-1").Does(() => cluster.Given(Saga, "o-1", Started()));
        var reply = await cluster.Saga("o-1", Saga).Start(TripHost.Json(Order), SagaCause.Unknown);

        gate.Happened.IsCompleted.ShouldBeTrue();
        (reply.Status, reply.Applied, reply.Refusal).ShouldBe((SagaStatus.Started, false, null));
    }

    private static OrderFulfillment.Context Order =>
        new("o-1", "c-1", [new OrderItem("p-1", Quantity.Of(1), Money.Of(1))], Money.Of(1), "card");

    private static SagaEvent.Started Started() => new(
        Saga,
        ["reserve-inventory", "process-payment", "create-shipment", "confirm-order"],
        System.Text.Json.JsonElement.Parse(TripHost.Json(Order)),
        SagaCause.Unknown);

    private static async Task Place(LoireTestCluster cluster, string order)
    {
        await cluster.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await cluster.Accepted("order", order, new OrderCommand.Place("c-1", Order.Items, "card"));
    }

    /// <summary>Loses the first call that is to wake a saga.</summary>
    private sealed class LostWakeUps : IOutgoingGrainCallFilter
    {
        private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Happened => _happened.Task;

        public Task Invoke(IOutgoingGrainCallContext context) =>
            context.InterfaceMethod.DeclaringType == typeof(IWakeable) && _happened.TrySetResult()
                ? throw new TimeoutException("The call was lost.")
                : context.Invoke();
    }
}
