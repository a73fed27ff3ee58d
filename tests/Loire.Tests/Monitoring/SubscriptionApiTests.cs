using System.Net;
using System.Text.Json;
using Commerce;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Monitoring;
using Loire.Testing;
using Loire.Tests.Reactors;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.Monitoring;

public sealed class SubscriptionApiTests
{
    [Fact]
    public async Task The_api_tells_how_subscriptions_and_their_partitions_do()
    {
        await using var cluster = await LoireTestCluster.Start(
            loire =>
            {
                loire.AddCommerce();
                loire.Services.AddSingleton(new Mailer.Script());
                loire.AddReactor<Mailer>(o => o.Partitions = 3);
            },
            new LoireTestClusterOptions { Gateway = true });
        await cluster.Accepted("account", "a-1", new AccountCommand.Open("o-1", Money.Zero));
        await cluster.HealthOf("mailer", s => s.State == SubscriptionState.Ok && s.Position == cluster.Log.Head);

        var items = (await Get(cluster, "/api/subscriptions")).GetProperty("items").EnumerateArray().ToList();
        var mailer = items.Single(i => i.GetProperty("name").GetString() == "mailer");
        mailer.EnumerateObject().Select(m => m.Name).ShouldBe(
        [
            "name", "kind", "partitions", "position", "head", "lag", "lagSeconds", "rate", "status", "lastError", "heartbeatAgeSeconds",
        ]);
        mailer.GetProperty("kind").GetString().ShouldBe("reactor");
        mailer.GetProperty("status").GetString().ShouldBe("ok");
        mailer.GetProperty("position").GetInt64().ShouldBe(cluster.Log.Head);
        mailer.GetProperty("lagSeconds").GetDouble().ShouldBe(0);

        var one = await Get(cluster, "/api/subscriptions/mailer");
        one.GetProperty("byPartition").EnumerateArray().Select(p => p.GetProperty("partition").GetInt32()).ShouldBe([0, 1, 2]);
        (await Get(cluster, "/api/subscriptions/orders@1")).GetProperty("name").GetString().ShouldBe("orders@1");
        (await Get(cluster, "/api/subscriptions/orders")).GetProperty("name").GetString().ShouldBe("orders@1");

        var unknown = await cluster.Http.GetAsync("/api/subscriptions/nobody", TestContext.Current.CancellationToken);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("urn:loire:problem:unknown-subscription");
    }

    private static async Task<JsonElement> Get(LoireTestCluster cluster, string path)
    {
        var answer = await cluster.Http.GetAsync(path, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
