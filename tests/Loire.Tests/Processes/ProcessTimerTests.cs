#if !ORLEANS
using Commerce.Orders;
using Loire.EventLog;
using Loire.Testing;

namespace Loire.Tests.Processes;

/// <summary>Orleans takes some times from the provider and some from the system, so its clock cannot be moved.</summary>
public sealed class ProcessTimerTests
{
    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = ManualTime.Running(Beginning);

    [Fact]
    public async Task An_order_that_nobody_confirms_is_cancelled_when_its_time_is_over()
    {
        await using var cluster = await Start(TestStore.InMemory());
        await cluster.Accepted("order", "o-1", Orders.Place);
        (await cluster.Process("o-1")).WakeAt!.Value.ShouldBe(Beginning.AddHours(24), TimeSpan.FromMinutes(1));

        _time.Advance(TimeSpan.FromHours(24));

        await cluster.ProcessIn("cancelled");
        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Cancelled"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timer_outlives_a_restart(bool onDisk)
    {
        await using var cluster = await Start(onDisk ? TestStore.Sqlite() : TestStore.InMemory());
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Process("o-1");

        await cluster.Restart();
        _time.Advance(TimeSpan.FromHours(24));

        await cluster.ProcessIn("cancelled");
        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Cancelled"]);
    }

    [Fact]
    public async Task A_timer_that_is_set_anew_comes_at_its_new_time()
    {
        await using var cluster = await Start(TestStore.InMemory());
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Accepted("order", "o-2", Orders.Place);
        await cluster.Process("o-2");
        _time.Advance(TimeSpan.FromHours(20));
        await cluster.Accepted("payment", "o-1", Orders.Charge("o-1"));
        (await cluster.Process("o-1")).Timers.ShouldHaveSingleItem().Due.ShouldBe(Beginning.AddHours(44), TimeSpan.FromMinutes(1));

        _time.Advance(TimeSpan.FromHours(5));
        await cluster.ProcessIn("cancelled", "o-2");
        (await cluster.Process("o-1")).State.ShouldBe("waiting");

        _time.Advance(TimeSpan.FromHours(20));
        await cluster.ProcessIn("cancelled");
    }

    [Fact]
    public async Task A_timer_whose_state_was_left_does_nothing()
    {
        await using var cluster = await Start(TestStore.InMemory());
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Accepted("order", "o-1", new OrderCommand.Confirm());
        await cluster.Accepted("order", "o-2", Orders.Place);
        await cluster.Process("o-2");

        _time.Advance(TimeSpan.FromHours(24));
        await cluster.ProcessIn("cancelled", "o-2");
        await cluster.Grains.GetGrain<Loire.Timers.IWakeable>(GrainId.Create(OrderExpiry.Name, "o-1")).Wake();

        (await cluster.Process("o-1")).State.ShouldBe("confirmed");
        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Confirmed"]);
        (await cluster.Names(OrderExpiry.Name, "o-1")).ShouldBe(["Moved", "Moved"]);
    }

    [Fact]
    public async Task A_command_that_a_silo_could_not_send_before_it_died_is_sent_by_another()
    {
        var faults = new StoreFaults();
        await using var cluster = await Start(TestStore.InMemory(), faults);
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Process("o-1");
        var silo = cluster.Cluster.Silos[0];
        var dies = faults.Before(StoreOperationKind.Append, "order/o-1").Kills(cluster, silo);
        _time.Advance(TimeSpan.FromHours(24));
        await dies.Happened.WaitAsync(LoireHost.Limit, TestContext.Current.CancellationToken);

        (await cluster.StoredLog.Load(new StreamName("order", "o-1"), cancellation: TestContext.Current.CancellationToken)).Count.ShouldBe(1);
        await cluster.Cluster.StartAdditionalSiloAsync();

        // The new silo may find it due at once, by the timer that the view still shows, or else when it should have been sent.
        _time.Advance(TimeSpan.FromSeconds(10));

        await cluster.ProcessIn("cancelled");
        (await cluster.Names("order", "o-1")).ShouldBe(["Placed", "Cancelled"]);
    }

    [Fact]
    public async Task A_grain_that_does_not_know_what_another_has_recorded_handles_its_timer()
    {
        await using var cluster = await LoireTestCluster.Start(
            Orders.Watched(TimeSpan.FromSeconds(30)), new LoireTestClusterOptions { Time = _time });
        await cluster.Grains.GetGrain<Loire.Timers.IWakeable>(GrainId.Create(OrderExpiry.Name, "twin")).Wake();
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Process("o-1");

        // Written by its twin, on a silo that stood still, was taken for dead, went on, and died.
        await cluster.Given(OrderExpiry.Name, "twin", await cluster.EventsOf(OrderExpiry.Name, "o-1"));
        await cluster.ProcessIn("waiting", "twin");
        _time.Advance(TimeSpan.FromSeconds(31));

        // There is no such order, so its cancellation is rejected.
        await cluster.ProcessIn("kept", "twin");
    }

    [Fact]
    public async Task A_process_that_is_woken_before_its_time_does_nothing()
    {
        await using var cluster = await Start(TestStore.InMemory());
        await cluster.Accepted("order", "o-1", Orders.Place);
        await cluster.Process("o-1");

        await cluster.Grains.GetGrain<Loire.Timers.IWakeable>(GrainId.Create(OrderExpiry.Name, "o-1")).Wake();
        await cluster.Grains.GetGrain<Loire.Timers.IWakeable>(GrainId.Create(OrderExpiry.Name, "nobody")).Wake();

        (await cluster.Process("o-1")).State.ShouldBe("waiting");
        (await cluster.Names(OrderExpiry.Name, "o-1")).ShouldBe(["Moved"]);
        (await cluster.Names(OrderExpiry.Name, "nobody")).ShouldBeEmpty();
    }

    private Task<LoireTestCluster> Start(TestStore store, StoreFaults? faults = null) =>
        LoireTestCluster.Start(Orders.Watched(), new LoireTestClusterOptions { Store = store, Time = _time, Faults = faults });
}
#endif
