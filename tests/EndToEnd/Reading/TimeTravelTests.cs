using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Reading;

public sealed class TimeTravelTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task An_aggregate_can_be_read_as_it_was_at_a_version()
    {
        var account = await OpenedWith(deposits: 2);

        (await Balance($"/api/account/{account}?version=1")).ShouldBe(100);
        (await Balance($"/api/account/{account}?version=2")).ShouldBe(110);
        (await _api.Get($"/api/account/{account}?version=2")).ETag.ShouldBe("\"2\"");
        (await _api.Get($"/api/account/{account}?version=4"))
            .ShouldBeProblem(HttpStatusCode.NotFound, "version-not-found")["currentVersion"].GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task An_aggregate_can_be_read_as_it_was_at_an_instant()
    {
        var account = await OpenedWith(deposits: 1);
        var events = (await _api.Get($"/api/streams/account/{account}")).Ok()["events"];
        var (opened, deposited) = (events[0].GetProperty("occurredAt").GetString(), events[1].GetProperty("occurredAt").GetString());

        (await Balance($"/api/account/{account}?asOf={opened}")).ShouldBe(100);
        (await Balance($"/api/account/{account}?asOf={deposited}")).ShouldBe(110);
        (await Balance($"/api/account/{account}?asOf=2999-01-01T00:00:00%2B02:00")).ShouldBe(110);
        (await _api.Get($"/api/account/{account}?asOf=2000-01-01T00:00:00Z")).ShouldBeProblem(HttpStatusCode.NotFound, "aggregate-not-found");
    }

    [Theory]
    [InlineData("version=0")]
    [InlineData("version=x")]
    [InlineData("asOf=yesterday")]
    [InlineData("asOf=2026-01-01")]
    [InlineData("asOf=2026-13-01T00:00:00Z")]
    [InlineData("version=1&asOf=2026-01-01T00:00:00Z")]
    [InlineData("versoin=1")]
    public async Task A_question_that_makes_no_sense_is_a_bad_request(string query) =>
        (await _api.Get($"/api/account/any?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request")
            .Fields().ShouldBeSubsetOf([query.Split('=')[0], "asOf"]);

    [Fact]
    public async Task What_never_existed_is_not_found()
    {
        (await _api.Get($"/api/account/{RunningSilo.Unique("account")}")).ShouldBeProblem(HttpStatusCode.NotFound, "aggregate-not-found");
        (await _api.Get("/api/acount/1")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-aggregate");
    }

    private async Task<string> OpenedWith(int deposits)
    {
        var account = RunningSilo.Unique("account");
        (await _api.Post($"/api/account/{account}/open", """{"ownerId":"ada","initialBalance":100}""")).Ok();
        for (var i = 0; i < deposits; i++)
        {
            (await _api.Post($"/api/account/{account}/deposit", """{"amount":10}""")).Ok();
        }

        return account;
    }

    private async Task<decimal> Balance(string path) => (await _api.Get(path)).Ok()["state"].GetProperty("balance").GetDecimal();
}
