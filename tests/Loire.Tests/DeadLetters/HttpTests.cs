using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Loire.Subscriptions;
using Loire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Tests.DeadLetters;

public sealed class HttpTests
{
    private const string Thirteen = "/api/dead-letters/deposits@1:0:0000000000000003";

    [Fact]
    public async Task Dead_letters_are_listed_filtered_and_shown()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        await host.Park("b", 3);

        var all = await Get(host, "/api/dead-letters?limit=3");
        all.GetProperty("total").GetInt64().ShouldBe(4);
        all.GetProperty("items").GetArrayLength().ShouldBe(3);
        var rest = await Get(host, $"/api/dead-letters?limit=3&cursor={Uri.EscapeDataString(all.GetProperty("next").GetString()!)}");
        rest.GetProperty("items").GetArrayLength().ShouldBe(1);
        rest.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Total(host, "queue=deposits&state=parked")).ShouldBe(2);
        (await Total(host, "aggregate=account&id=b&state=waiting")).ShouldBe(1);
        (await Total(host, "type=account.opened")).ShouldBe(0);
        (await Total(host, "since=2999-01-01T00:00:00Z")).ShouldBe(0);
        (await Total(host, "queue=nobody")).ShouldBe(0);

        var letter = await Get(host, Thirteen);
        letter.GetProperty("data").GetProperty("amount").GetDecimal().ShouldBe(13);
        letter.GetProperty("error").GetString().ShouldBe("13 is bad luck");
        letter.GetProperty("state").GetString().ShouldBe("parked");
        letter.GetProperty("aggregateId").GetString().ShouldBe("a");
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_told()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        var http = host.Cluster.Http;

        await Problem(http.GetAsync("/api/dead-letters?state=dead"), HttpStatusCode.BadRequest, "invalid-request");
        await Problem(http.GetAsync("/api/dead-letters/nothing"), HttpStatusCode.NotFound, "dead-letter-not-found");
        await Problem(http.PostAsync("/api/dead-letters/nothing/retry", null), HttpStatusCode.NotFound, "dead-letter-not-found");
        await Problem(
            http.PostAsync("/api/dead-letters/deposits@1:0:0000000000000004/retry", null), HttpStatusCode.Conflict, "dead-letter-state");
        await Problem(http.DeleteAsync("/api/dead-letters"), HttpStatusCode.BadRequest, "invalid-request");
        await Problem(http.DeleteAsync("/api/dead-letters?olderThan=yesterday"), HttpStatusCode.BadRequest, "invalid-request");
        await Problem(http.PutAsJsonAsync(Thirteen, new { data = new { amount = "x" }, by = "ada" }), HttpStatusCode.BadRequest, "invalid-payload");
        await Problem(http.PutAsJsonAsync(Thirteen, new { data = new { amount = 12 } }), HttpStatusCode.BadRequest, "invalid-payload");
        await Problem(http.PutAsJsonAsync(Thirteen, new { data = new { amount = 12 }, by = " " }), HttpStatusCode.BadRequest, "invalid-payload");
        await Problem(http.PostAsync("/api/subscriptions/nobody/pause", null), HttpStatusCode.NotFound, "unknown-subscription");
    }

    [Fact]
    public async Task Dead_letters_are_edited_retried_and_deleted()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        await host.Park("b", 3);
        await host.Park("c", 4);
        var http = host.Cluster.Http;

        var edited = await Answer(http.PutAsJsonAsync(Thirteen, new { data = new { amount = 12 }, by = "ada" }));
        edited.GetProperty("data").GetProperty("amount").GetDecimal().ShouldBe(12);
        edited.GetProperty("originalData").GetProperty("amount").GetDecimal().ShouldBe(13);
        edited.GetProperty("editedBy").GetString().ShouldBe("ada");
        (await Answer(http.PostAsync($"{Thirteen}/retry", null))).ToString().ShouldBe("""{"succeeded":2,"failed":0,"left":0}""");
        (await host.Of("a")).ShouldBe(" 1 12 2");

        var c = (await host.All()).First(l => l.AggregateId == "c");
        (await Answer(http.DeleteAsync($"/api/dead-letters/{c.Id}"))).GetProperty("deleted").GetInt32().ShouldBe(1);
        await host.Until(letters => letters.All(l => l.AggregateId == "b"));
        (await host.Of("c")).ShouldBe(" 1 4");

        host.Trouble.Over();
        (await Answer(http.PostAsync("/api/dead-letters/retry?queue=deposits@1", null))).ToString()
            .ShouldBe("""{"succeeded":2,"failed":0,"left":0}""");
        (await host.Of("b")).ShouldBe(" 1 13 3");
        (await Total(host, "")).ShouldBe(0);
    }

    [Fact]
    public async Task Dead_letters_are_purged_by_age_and_by_subscription()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        var http = host.Cluster.Http;

        (await Answer(http.DeleteAsync("/api/dead-letters?queue=deposits@1&olderThan=1h"))).ToString()
            .ShouldBe("""{"deleted":0,"moreLeft":false}""");
        (await Answer(http.DeleteAsync("/api/dead-letters?olderThan=2999-01-01T00:00:00Z"))).ToString()
            .ShouldBe("""{"deleted":2,"moreLeft":false}""");
        await host.Park("b");
        (await Answer(http.DeleteAsync("/api/dead-letters?queue=deposits"))).GetProperty("deleted").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Many_dead_letters_degrade_health_and_do_not_make_it_red()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Park("a", 2);
        var few = await Get(host, "/health");
        few.GetProperty("checks").GetProperty("deadLetters").GetProperty("status").GetString().ShouldBe("healthy");
        few.GetProperty("checks").GetProperty("deadLetters").GetProperty("unhandled").GetInt32().ShouldBe(2);

        await host.Deposit("a", 3, 4, 5, 6, 7, 8, 9, 10);
        await host.Cluster.Reached("deposits@1");

        await host.Until(() => Get(host, "/health"), health => health.GetProperty("status").GetString() == "degraded");
    }

    [Fact]
    public async Task Subscriptions_are_paused_and_resumed()
    {
        await using var host = await LettersHost.Start(gateway: true);
        await host.Open("a");
        await host.Deposit("a", 1);
        (await host.Of("a")).ShouldBe(" 1");
        var http = host.Cluster.Http;

        (await Answer(http.PostAsync("/api/subscriptions/deposits/pause", null))).ToString().ShouldBe("""{"name":"deposits@1","paused":true}""");
        await host.Until(() => Get(host, "/api/subscriptions/deposits"), s => s.GetProperty("status").GetString() == "paused");
        await host.Deposit("a", 2);
        var checks = (await Get(host, "/health")).GetProperty("checks");
        checks.GetProperty("subscriptions").GetProperty("status").GetString().ShouldBe("healthy");
        await Problem(http.GetAsync("/api/views/deposits/a?after=3"), HttpStatusCode.ServiceUnavailable, "view-behind");

        await Answer(http.PostAsync("/api/subscriptions/deposits@1/resume", null));
        (await host.Of("a")).ShouldBe(" 1 2");
    }

    [Fact]
    public async Task Letters_of_a_subscription_that_is_gone_can_be_deleted_and_not_retried()
    {
        var storage = new InMemoryStorage();
        await using (var before = await LettersHost.Start(store: TestStore.InMemory(storage)))
        {
            await before.Park("a", 2);
        }

        await using var after = await LoireTestCluster.Start(_ => { }, new() { Store = TestStore.InMemory(storage), Gateway = true });
        after.Services.GetRequiredService<SubscriptionRegistry>().All.ShouldBeEmpty();
        await Problem(after.Http.PostAsync($"{Thirteen}/retry", null), HttpStatusCode.Conflict, "dead-letter-state");
        await Answer(after.Http.DeleteAsync(Thirteen));
        (await Answer(after.Http.DeleteAsync("/api/dead-letters?queue=deposits@1"))).GetProperty("deleted").GetInt32().ShouldBe(1);
    }

    private static async Task<long> Total(LettersHost host, string query) =>
        (await Get(host, $"/api/dead-letters?{query}")).GetProperty("total").GetInt64();

    private static Task<JsonElement> Get(LettersHost host, string path) => Answer(host.Cluster.Http.GetAsync(path));

    private static async Task<JsonElement> Answer(Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonElement.Parse(body);
    }

    private static async Task Problem(Task<HttpResponseMessage> sent, HttpStatusCode status, string name)
    {
        using var response = await sent;
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, body);
        JsonElement.Parse(body).GetProperty("type").GetString().ShouldBe($"urn:loire:problem:{name}");
    }
}
