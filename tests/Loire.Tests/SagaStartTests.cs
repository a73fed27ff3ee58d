using System.Text.Json;
using Commerce;
using Commerce.Orders;
using Commerce.Values;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests;

public sealed class SagaStartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nobody_is_told_that_a_saga_has_started_when_the_call_that_was_starting_it_fails()
    {
        var faults = new StoreFaults();
        await using var cluster = await LoireTestCluster.Start(
            loire => loire.AddCommerce(), new LoireTestClusterOptions { Faults = faults });
        var grains = cluster.Services.GetRequiredService<IGrainFactory>();

        for (var i = 0; i < 10; i++)
        {
            var id = $"o-{i}";
            var saga = grains.GetGrain<ISagaGrain>(GrainId.Create(OrderFulfillment.Name, id));
            var append = faults.Before(StoreOperationKind.Append, $"{OrderFulfillment.Name}/{id}").Holds().Fails();
            var first = Start(saga);
            await append.Happened.WaitAsync(Limit, TestContext.Current.CancellationToken);
            Task<SagaReply>[] others = [.. Enumerable.Range(0, 4).Select(_ => Start(saga))];

            // So that they find the saga started. If they come too late, they start it themselves, and all is well too.
            await Task.Delay(20, TestContext.Current.CancellationToken);
            append.Release();

            await Should.ThrowAsync<StoreUnavailableException>(() => first);
            foreach (var other in others)
            {
                await IsTrueOrFails(other);
            }
        }
    }

    private static async Task IsTrueOrFails(Task<SagaReply> call)
    {
        try
        {
            (await call).Status.ShouldNotBe(SagaStatus.None);
        }
        catch (StoreUnavailableException)
        {
            // Whoever gets this tries again.
        }
    }

    private static Task<SagaReply> Start(ISagaGrain saga)
    {
        var context = new OrderFulfillment.Context(
            "o-1", "c-1", [new OrderItem("p-1", Quantity.Of(1), Money.Of(1))], Money.Of(1), "card");
        return saga.Start(JsonSerializer.SerializeToUtf8Bytes(context, LoireJson.Strict), SagaCause.Unknown).WaitAsync(Limit);
    }
}
