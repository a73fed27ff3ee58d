using System.Text.Json;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Hosting;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Sagas;

/// <summary>A platform with trips, and what tests of sagas ask for.</summary>
internal static class TripHost
{
    public static Task<LoireTestCluster> Start(
        LoireTestClusterOptions? options = null, Action<LoireBuilder>? loire = null) =>
        LoireTestCluster.Start(l => (loire ?? (x => x.AddSaga<TripGrain, Trip>())).Invoke(l.AddCommerce()), options);

    public static ISagaGrain Saga(this LoireTestCluster cluster, string id, string type = Trip.Name) =>
        cluster.Services.GetRequiredService<IGrainFactory>().GetGrain<ISagaGrain>(GrainId.Create(type, id));

    /// <summary>Opens the accounts <c>from</c> (10), <c>agent</c> and <c>to</c>, and starts a trip for 4.</summary>
    public static async Task<ISagaGrain> Depart(this LoireTestCluster cluster, string id = "t-1")
    {
        await cluster.Accepted("account", "from", new AccountCommand.Open("ada", Money.Of(10)), "open");
        await cluster.Accepted("account", "agent", new AccountCommand.Open("bob", Money.Of(5)), "open");
        await cluster.Accepted("account", "to", new AccountCommand.Open("eve", Money.Zero), "open");
        var saga = cluster.Saga(id);
        (await saga.Start(Json(new Trip.Context("from", "agent", Money.Of(4))), SagaCause.Unknown)).Applied.ShouldBeTrue();
        return saga;
    }

    public static Task<SagaReply> Agree(this ISagaGrain saga, string to = "to") => saga.CompleteStep("agree", Json(new Trip.Agreement(to)));

    public static async Task AgreeWhenItWaits(this ISagaGrain saga, LoireTestCluster cluster)
    {
        await cluster.Waits(saga.GetPrimaryKeyString(), "agree");
        (await saga.Agree()).Applied.ShouldBeTrue();
    }

    public static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, LoireJson.Strict);

    public static async Task<SagaView> Until(this LoireTestCluster cluster, string id, Func<SagaView, bool> holds, string type = Trip.Name) => Read(
        await cluster.Until(SagasView.Name, SagasView.IdOf(type, id), saga => holds(Read(saga))));

    public static Task<SagaView> Waits(this LoireTestCluster cluster, string id, string step) =>
        cluster.Until(id, s => s.Pending.Exists(p => p.Step == step && p.Waits));

    public static async Task<decimal> Balance(this LoireTestCluster cluster, string account) =>
        (await cluster.StateOf("account", account)).GetProperty("balance").GetDecimal();

    private static SagaView Read(JsonElement json) => json.Deserialize<SagaView>(LoireJson.Stored)!;
}
