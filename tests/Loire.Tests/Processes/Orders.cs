using Commerce.Orders;
using Commerce.Payments;
using Commerce.Values;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Processes;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Processes;

/// <summary>Orders and payments with the process that cancels orders which nobody confirms, and without the saga that confirms them.</summary>
internal static class Orders
{
    public static Action<LoireBuilder> Watched(TimeSpan? patience = null) => loire => loire
        .AddAggregate<OrderGrain, OrderDecider>()
        .AddAggregate<PaymentGrain, PaymentDecider>()
        .AddOrderExpiry(o => o.Patience = patience ?? o.Patience);

    public static OrderCommand.Place Place { get; } = new("ada", [new OrderItem("lamp", Quantity.Of(1), Money.Of(10))], "card");

    public static PaymentCommand.Charge Charge(string order) => new(order, "ada", Money.Of(10), "card");

    /// <summary>The process when it has seen everything that is in the log now.</summary>
    public static async Task<ProcessView> Process(this LoireTestCluster cluster, string id)
    {
        await cluster.Reached($"{OrderExpiry.Name}-trigger");
        return (await cluster.View<ProcessView>(ProcessesView.Name, $"{OrderExpiry.Name}:{id}")).ShouldNotBeNull();
    }

    public static Task<System.Text.Json.JsonElement> ProcessIn(this LoireTestCluster cluster, string state, string id = "o-1") =>
        cluster.Until(ProcessesView.Name, $"{OrderExpiry.Name}:{id}", p => p.GetProperty("state").GetString() == state);

    public static async Task<IReadOnlyList<string>> Names(this LoireTestCluster cluster, string aggregate, string id) =>
        [.. (await cluster.EventsOf(aggregate, id)).Select(e => e.GetType().Name)];

    /// <summary>Hands events of the log to a process once more, as a subscription does that has lost its checkpoint.</summary>
    public static async Task HandOver(this LoireTestCluster cluster, string process, string id, params IEnumerable<RecordedEvent> events)
    {
        var grain = cluster.Services.GetRequiredService<IGrainFactory>().GetGrain<IProcessGrain>(GrainId.Create(process, id));
        foreach (var e in events)
        {
            await grain.Handle(new ProcessDelivery(e));
        }
    }

    public static async Task<RecordedEvent[]> LogOf(this LoireTestCluster cluster, params string[] aggregates)
    {
        var page = await cluster.Log.ReadAll(0, new LogFilter { Aggregates = aggregates }, 1000);
        return [.. page.Events];
    }
}
