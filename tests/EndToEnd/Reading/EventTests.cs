using System.Net;
using System.Text.Json;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Reading;

public sealed class EventTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task The_log_is_read_page_by_page_without_a_gap()
    {
        await Moved(RunningSilo.Unique("account"), $"{Guid.NewGuid()}");
        var positions = new List<long>();
        for (long after = 0, head = 1; after < head && positions.Count < 30;)
        {
            var page = (await _api.Get($"/api/events?after={after}&limit=7")).Ok();
            positions.AddRange(page["events"].EnumerateArray().Select(e => e.GetProperty("position").GetInt64()));
            (after, head) = (page["through"].GetInt64(), page["head"].GetInt64());
        }

        positions.ShouldBe(Enumerable.Range(1, positions.Count).Select(p => (long)p));
    }

    [Fact]
    public async Task Events_are_filtered_by_type_aggregate_correlation_and_time()
    {
        var (account, correlation) = (RunningSilo.Unique("account"), $"{Guid.NewGuid()}");
        var times = await Moved(account, correlation);
        var mine = $"correlationId={correlation}";

        (await Types(mine)).ShouldBe(["account.opened", "account.deposited", "account.withdrawn"]);
        (await Types($"{mine}&type=account.deposited")).ShouldBe(["account.deposited"]);
        (await Types($"{mine}&type=account.deposited,account.withdrawn")).ShouldBe(["account.deposited", "account.withdrawn"]);
        (await Types($"{mine}&type=account.opened&type=account.withdrawn")).ShouldBe(["account.opened", "account.withdrawn"]);
        (await Types($"{mine}&aggregate=order")).ShouldBeEmpty();
        (await Types($"{mine}&aggregate=account&limit=1")).ShouldBe(["account.opened"]);
        (await Types($"{mine}&since={times[1]}")).ShouldBe(["account.deposited", "account.withdrawn"]);
        (await Types($"{mine}&until={times[1]}")).ShouldBe(["account.opened"]);
        (await Types($"{mine}&type=&aggregate=&since=&until=")).Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_filtered_reader_is_told_how_far_it_has_come()
    {
        await Moved(RunningSilo.Unique("account"), $"{Guid.NewGuid()}");

        var page = (await _api.Get("/api/events?type=nothing.of-the-kind")).Ok();

        page["events"].GetArrayLength().ShouldBe(0);
        page["through"].GetInt64().ShouldBe(page["head"].GetInt64());
    }

    [Fact]
    public async Task A_stream_is_read_both_ways()
    {
        var account = RunningSilo.Unique("account");
        await Moved(account, $"{Guid.NewGuid()}");

        var first = (await _api.Get($"/api/streams/account/{account}?limit=2")).Ok();
        var rest = (await _api.Get($"/api/streams/account/{account}?from={first["next"]}&limit=2")).Ok();
        var back = (await _api.Get($"/api/streams/account/{account}?direction=backwards&limit=2")).Ok();

        Versions(first).ShouldBe([1, 2]);
        Versions(rest).ShouldBe([3]);
        rest["next"].ValueKind.ShouldBe(JsonValueKind.Null);
        Versions(back).ShouldBe([3, 2]);
        back["next"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task An_event_shows_its_whole_envelope()
    {
        var account = RunningSilo.Unique("account");
        await Moved(account, $"{Guid.NewGuid()}");

        var e = (await _api.Get($"/api/streams/account/{account}")).Ok()["events"][1];

        e.EnumerateObject().Select(m => m.Name).ShouldBe(
            ["position", "eventId", "aggregate", "id", "version", "type", "schemaVersion", "occurredAt", "data", "metadata"]);
        e.GetProperty("metadata").EnumerateObject().Select(m => m.Name).ShouldBe(
            ["userId", "correlationId", "causationId", "traceParent", "tenant"]);
        e.GetProperty("data").GetRawText().ShouldBe("""{"amount":20.00}""");
        e.GetProperty("occurredAt").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("/api/events?limit=0", "limit")]
    [InlineData("/api/events?limit=1001", "limit")]
    [InlineData("/api/events?after=-1", "after")]
    [InlineData("/api/events?since=now", "since")]
    [InlineData("/api/events?tpye=x", "tpye")]
    [InlineData("/api/events?limit=1&limit=2", "limit")]
    [InlineData("/api/streams/account/1?from=0", "from")]
    [InlineData("/api/streams/account/1?direction=up", "direction")]
    [InlineData("/api/streams/account/1?after=1", "after")]
    public async Task A_parameter_that_is_wrong_or_unknown_is_named(string path, string parameter) =>
        (await _api.Get(path)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request").Fields().ShouldBe([parameter]);

    /// <summary>Opens an account, pays in and out.</summary>
    /// <returns>When that happened.</returns>
    private async Task<string[]> Moved(string account, string correlation)
    {
        foreach (var (command, payload) in new[]
        {
            ("open", """{"ownerId":"ada","initialBalance":10}"""), ("deposit", """{"amount":20}"""), ("withdraw", """{"amount":5}"""),
        })
        {
            (await _api.Post($"/api/account/{account}/{command}", payload, "X-Correlation-Id", correlation)).Ok();
        }

        var events = (await _api.Get($"/api/streams/account/{account}")).Ok()["events"];
        return [.. events.EnumerateArray().Select(e => e.GetProperty("occurredAt").GetString()!)];
    }

    private async Task<IEnumerable<string?>> Types(string query) =>
        (await _api.Get($"/api/events?{query}")).Ok()["events"].EnumerateArray().Select(e => e.GetProperty("type").GetString());

    private static IEnumerable<long> Versions(Answer page) =>
        page["events"].EnumerateArray().Select(e => e.GetProperty("version").GetInt64());
}
