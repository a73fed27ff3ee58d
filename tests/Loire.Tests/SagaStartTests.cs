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
        var saga = cluster.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<ISagaGrain>(GrainId.Create(OrderFulfillment.Name, "o-1"));
        var append = faults.Before(StoreOperationKind.Append, $"{OrderFulfillment.Name}/o-1").Holds().Fails();

        var first = Start(saga);
        await append.Happened.WaitAsync(Limit, TestContext.Current.CancellationToken);
        var second = Start(saga);
        append.Release();

        await Should.ThrowAsync<StoreUnavailableException>(() => first);
        try
        {
            // It may have found out in time, and then it has started the saga itself.
            (await second).Status.ShouldNotBe(SagaStatus.None);
            (await cluster.StoredLog.Load(new StreamName(OrderFulfillment.Name, "o-1"))).ShouldNotBeEmpty();
        }
        catch (StoreUnavailableException)
        {
            (await Start(saga)).Status.ShouldNotBe(SagaStatus.None);
        }
    }

    private static Task<SagaReply> Start(ISagaGrain saga)
    {
        var context = new OrderFulfillment.Context(
            "o-1", "c-1", [new OrderItem("p-1", Quantity.Of(1), Money.Of(1))], Money.Of(1), "card");
        return saga.Start(JsonSerializer.SerializeToUtf8Bytes(context, LoireJson.Strict), SagaCause.Unknown).WaitAsync(Limit);
    }
}
