using System.Collections.Concurrent;
using System.Text.Json;
using Commerce.Accounts;
using Commerce.Inventory;
using Commerce.Orders;
using Commerce.Values;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Testing;

namespace Loire.Tests.Sagas;

/// <summary>What a saga writes at once: a crash comes before or after it, and never between.</summary>
public sealed class SagaAppendTests : IAsyncLifetime
{
    private static readonly string[] Steps = ["take", "agree", "give", "close"];

    private readonly ConcurrentQueue<AppendRequest> _appends = [];
    private LoireTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TripHost.Start(new LoireTestClusterOptions
    {
        Log = log => new InterceptedLog(log)
        {
            OnAppend = (request, append) =>
            {
                _appends.Enqueue(request);
                return append();
            },
        },
    });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task The_last_step_and_the_end_are_one_append()
    {
        await _cluster.Accepted("inventory", "p-1", new InventoryCommand.ReceiveStock(Quantity.Of(5)));
        await _cluster.Accepted("order", "o-1", new OrderCommand.Place("c-1", [new OrderItem("p-1", Quantity.Of(1), Money.Of(1))], "card"));
        await _cluster.SagaEnded(OrderFulfillment.Name, "o-1");

        AppendsOf(OrderFulfillment.Name).ShouldBe(
            ["started", "step-completed", "step-completed", "step-completed", "step-completed completed"]);
    }

    [Fact]
    public async Task A_step_that_may_take_only_so_long_begins_with_the_append_that_leads_to_it()
    {
        await _cluster.Depart();
        await _cluster.Waits("t-1", "agree");

        AppendsOf(Trip.Name).ShouldBe(["started", "step-completed step-begun", "step-sent"]);
    }

    [Fact]
    public async Task A_saga_goes_on_that_was_left_between_a_step_and_the_beginning_of_the_next()
    {
        await _cluster.Accepted("account", "agent", new AccountCommand.Open("bob", Money.Of(5)));
        await _cluster.Given(Trip.Name, "t-1", Started(), new SagaEvent.StepCompleted("take"));

        await _cluster.Saga("t-1").Start(default, SagaCause.Unknown);

        (await _cluster.Waits("t-1", "agree")).Pending.Single().Due.ShouldNotBeNull();
        (await _cluster.Balance("agent")).ShouldBe(6);
    }

    [Fact]
    public async Task A_saga_ends_that_was_left_between_its_last_step_and_its_end()
    {
        await _cluster.Given(Trip.Name, "t-1", [Started(), .. Steps.Select(step => new SagaEvent.StepCompleted(step))]);

        await _cluster.Saga("t-1").Start(default, SagaCause.Unknown);

        (await _cluster.SagaEnded(Trip.Name, "t-1")).Status.ShouldBe(SagaStatus.Completed);
    }

    private static SagaEvent.Started Started() => new(
        Trip.Name,
        Steps,
        JsonSerializer.SerializeToElement(new { from = "from", agent = "agent", price = 4 }),
        SagaCause.Unknown);

    private IEnumerable<string> AppendsOf(string saga) =>
        from append in _appends
        where append.Stream.Aggregate == saga
        select string.Join(' ', append.Events.Select(e => e.Type[(saga.Length + 1)..]));
}
