using System.Net;
using System.Text.Json;
using Loire.Projections;
using Loire.Testing;

namespace Loire.Tests.Projections;

/// <summary>Rebuilds and audits over HTTP.</summary>
public sealed class RebuildApiTests
{
    [Theory]
    [InlineData("accounts")]
    [InlineData("accounts@1")]
    public async Task A_rebuild_is_started_and_followed(string name)
    {
        await using var accounts = await RebuildCluster.Start(gateway: true);
        await accounts.OpenAccounts(5);
        (await accounts.Balance("a-1")).ShouldBe(102);

        (await Get(accounts, name, "rebuild")).ShouldBe((404, "urn:loire:problem:rebuild-not-found"));
        (await Post(accounts, name, "rebuild")).Status.ShouldBe(202);
        await accounts.Ended();

        var answer = await Read(accounts, name, "rebuild");
        answer.GetProperty("view").GetString().ShouldBe("accounts");
        answer.GetProperty("state").GetString().ShouldBe("completed");
        answer.GetProperty("generation").GetInt32().ShouldBe(2);
        answer.GetProperty("position").GetInt64().ShouldBe(15);
        answer.GetProperty("secondsLeft").ValueKind.ShouldBe(JsonValueKind.Null);
        using var page = JsonDocument.Parse(await accounts.Cluster.Http.GetStringAsync("/api/views/accounts?after=15"));
        page.RootElement.GetProperty("total").GetInt32().ShouldBe(5);
        page.RootElement.GetProperty("position").GetInt64().ShouldBe(15);
    }

    [Fact]
    public async Task What_cannot_be_done_is_a_conflict_and_what_is_not_there_is_not_found()
    {
        var faults = new StoreFaults();
        await using var accounts = await RebuildCluster.Start(faults: faults, gateway: true);
        await accounts.OpenAccounts(20);
        var held = faults.Before(StoreOperationKind.CommitView, "accounts@1.2").Holds();

        (await Post(accounts, "nothing", "rebuild")).ShouldBe((404, "urn:loire:problem:unknown-subscription"));
        (await Post(accounts, "order-fulfillment-trigger", "rebuild")).ShouldBe((409, "urn:loire:problem:not-a-view"));
        (await Post(accounts, "accounts", "rebuild/pause")).ShouldBe((409, "urn:loire:problem:rebuild-refused"));
        (await Post(accounts, "accounts", "rebuild")).Status.ShouldBe(202);
        await held.Happened.WaitAsync(LoireHost.Limit);
        (await Post(accounts, "accounts", "rebuild")).ShouldBe((409, "urn:loire:problem:rebuild-refused"));
        held.Release();
        (await Post(accounts, "accounts", "rebuild?speed=high")).ShouldBe((400, "urn:loire:problem:invalid-request"));
        (await accounts.Ended()).State.ShouldBe(RebuildState.Completed);
    }

    [Fact]
    public async Task An_audit_is_started_and_its_report_is_read()
    {
        await using var accounts = await RebuildCluster.Start(gateway: true);
        await accounts.OpenAccounts(5);
        (await accounts.Balance("a-1")).ShouldBe(102);
        await accounts.Damage(accounts.Accounts, "a-2", document: null);

        (await Get(accounts, "accounts", "audit")).ShouldBe((404, "urn:loire:problem:audit-not-found"));
        (await Post(accounts, "accounts", "audit?eventsPerSecond=0")).Status.ShouldBe(400);
        var started = await accounts.Cluster.Http.PostAsync(
            "/api/subscriptions/accounts/audit?idFrom=a-1&idTo=a-3&eventsPerSecond=1000000", content: null);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        JsonElement.Parse(await started.Content.ReadAsStringAsync()).GetProperty("target").GetInt64().ShouldBe(15);
        await accounts.Cluster.Grains.GetGrain<IAuditGrain>("accounts").Ended(LoireHost.Limit);

        var report = await Read(accounts, "accounts", "audit");
        report.GetProperty("state").GetString().ShouldBe("completed");
        report.GetProperty("sound").GetBoolean().ShouldBeFalse();
        (report.GetProperty("position").GetInt64(), report.GetProperty("target").GetInt64()).ShouldBe((15, 15));
        var difference = report.GetProperty("tables")[0].GetProperty("differences")[0];
        difference.GetRawText().ShouldBe("""{"id":"a-2","finding":"missing","position":9}""");
    }

    private static async Task<(int Status, string? Type)> Post(RebuildCluster accounts, string name, string what) =>
        await Told(await accounts.Cluster.Http.PostAsync($"/api/subscriptions/{name}/{what}", content: null));

    private static async Task<(int Status, string? Type)> Get(RebuildCluster accounts, string name, string what) =>
        await Told(await accounts.Cluster.Http.GetAsync($"/api/subscriptions/{name}/{what}"));

    private static async Task<(int Status, string? Type)> Told(HttpResponseMessage response)
    {
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, body.TryGetProperty("type", out var type) ? type.GetString() : null);
    }

    private static async Task<JsonElement> Read(RebuildCluster accounts, string name, string what)
    {
        var response = await accounts.Cluster.Http.GetAsync($"/api/subscriptions/{name}/{what}");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }
}
