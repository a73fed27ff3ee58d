using System.Text.Json;
using Commerce.Orders;
using Commerce.Payments;
using Loire.DeadLetters;
using Loire.EventLog.Views;
using Loire.Processes;
using Loire.Serialization;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Processes;

public sealed class ParkedEventTests
{
    [Fact]
    public async Task An_event_that_comes_too_early_is_parked_at_once_and_handled_when_somebody_says_so()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire => loire
                .AddAggregate<OrderGrain, OrderDecider>()
                .AddAggregate<PaymentGrain, PaymentDecider>()
                .AddProcess<DunningGrain, Dunning>(),
            new LoireTestClusterOptions { Logging = Microsoft.Extensions.Logging.LogLevel.None });
        await cluster.Accepted("payment", "o-1", Orders.Charge("o-1"));
        await cluster.Reached($"{Dunning.Name}-trigger");
        var letter = (await Letters(cluster)).ShouldHaveSingleItem();
        letter.State.ShouldBe(DeadLetterState.Parked);
        letter.Attempts.ShouldBe(1);
        letter.Error.ShouldBe("payment.charged came to dunning o-1, which has not started.");

        // Everybody else goes on, also the order that the payment is for.
        await cluster.Accepted("order", "o-2", Orders.Place);
        await cluster.Accepted("payment", "o-2", Orders.Charge("o-2"));
        await cluster.Accepted("order", "o-1", Orders.Place);
        await State(cluster, "o-2", "paid");
        await State(cluster, "o-1", "owing");

        await cluster.Grains.GetGrain<IDeadLetterGrain>($"{Dunning.Name}-trigger/0").Retry(letter.Id);

        await State(cluster, "o-1", "paid");
        (await Letters(cluster)).ShouldBeEmpty();
    }

    private static Task State(LoireTestCluster cluster, string id, string state) =>
        cluster.Until(ProcessesView.Name, $"{Dunning.Name}:{id}", p => p.GetProperty("state").GetString() == state);

    private static async Task<IReadOnlyList<DeadLetter>> Letters(LoireTestCluster cluster)
    {
        var store = cluster.Services.GetRequiredService<IViewStore>();
        await store.Define(DeadLetter.Schema, TestContext.Current.CancellationToken);
        var page = await store.Query(DeadLetter.Schema, new ViewQuery { Limit = 1000 }, TestContext.Current.CancellationToken);
        return [.. page.Items.Select(d => JsonSerializer.Deserialize<DeadLetter>(d.Json.Span, LoireJson.Stored)!)];
    }
}

/// <summary>Waits for the payment of an order, and takes none before the order.</summary>
internal sealed class Dunning : ProcessManager<Dunning.Debt>
{
    public const string Name = "dunning";

    public Dunning()
        : base(Name)
    {
        On<OrderEvent.Placed>((_, info) => info.AggregateId);
        On<PaymentEvent.Charged>((e, _) => e.OrderId);
        Final("paid");
        BeforeStart(Unexpected.Park);
        StartsOn<OrderEvent.Placed>("owing", (e, _) => new Debt(e.CustomerId));
        During("owing").When<PaymentEvent.Charged>((move, _) => move, "paid").Otherwise(Unexpected.Park);
    }

    public sealed record Debt(string CustomerId);
}

[GrainType(Dunning.Name)]
internal sealed class DunningGrain : ProcessGrain<Dunning>;
