using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Commands;

public sealed class CommandTests(RunningSilo silo)
{
    private const string Ada = """{"name":"Ada","email":"ada@example.org"}""";
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task An_accepted_command_is_answered_with_its_events_and_where_they_are()
    {
        var user = RunningSilo.Unique("user");

        var answer = (await _api.Post($"/api/user/{user}/register", Ada)).Ok();

        answer.ContentType.ShouldBe("application/json");
        answer["aggregate"].GetString().ShouldBe("user");
        answer["id"].GetString().ShouldBe(user);
        answer["version"].GetInt64().ShouldBe(1);
        answer["replayed"].GetBoolean().ShouldBeFalse();
        answer.ETag.ShouldBe("\"1\"");
        answer.Headers.GetValues("Loire-Position").ShouldBe([$"{answer.Position}"]);
        var e = answer["events"][0];
        e.GetProperty("type").GetString().ShouldBe("user.registered");
        var recorded = (await _api.Get($"/api/events?after={answer.Position - 1}&limit=1")).Ok()["events"][0];
        recorded.GetProperty("eventId").GetGuid().ShouldBe(e.GetProperty("eventId").GetGuid());
    }

    [Fact]
    public async Task A_rejected_command_names_the_rule_and_adds_nothing()
    {
        var user = RunningSilo.Unique("user");
        (await _api.Post($"/api/user/{user}/register", Ada)).Ok();

        var answer = await _api.Post($"/api/user/{user}/register", Ada);

        answer.ShouldBeProblem(HttpStatusCode.Conflict, "rejected")["code"].GetString().ShouldBe("already-registered");
        (await _api.Get($"/api/user/{user}")).Ok()["version"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_command_for_another_version_is_refused_with_the_current_one()
    {
        var user = RunningSilo.Unique("user");
        (await _api.Post($"/api/user/{user}/register", Ada, "If-Match", "\"0\"")).Ok();

        var stale = await _api.Post($"/api/user/{user}/update", """{"name":"Eve"}""", "If-Match", "\"0\"");
        var current = await _api.Post($"/api/user/{user}/update", """{"name":"Eve"}""", "If-Match", "\"1\"");

        stale.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-mismatch")["currentVersion"].GetInt64().ShouldBe(1);
        current.Ok().ETag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task If_match_star_asks_only_that_the_aggregate_exists()
    {
        var user = RunningSilo.Unique("user");
        (await _api.Post($"/api/user/{user}/register", Ada, "If-Match", "*"))
            .ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version-mismatch");

        (await _api.Post($"/api/user/{user}/register", Ada)).Ok();

        (await _api.Post($"/api/user/{user}/update", """{"name":"Eve"}""", "If-Match", "*")).Ok();
    }

    [Theory]
    [InlineData("3")]
    [InlineData("W/\"3\"")]
    [InlineData("\"three\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"-1\"")]
    public async Task A_malformed_if_match_is_a_bad_request(string value) =>
        (await _api.Post($"/api/user/{RunningSilo.Unique("user")}/register", Ada, "If-Match", value))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task A_repeated_idempotency_key_gives_the_first_answer_and_adds_nothing()
    {
        var account = RunningSilo.Unique("account");
        (await _api.Post($"/api/account/{account}/open", """{"ownerId":"ada","initialBalance":0}""")).Ok();

        var first = (await _api.Post($"/api/account/{account}/deposit", """{"amount":5}""", "Idempotency-Key", "\"d-1\"")).Ok();
        var second = (await _api.Post($"/api/account/{account}/deposit", """{ "amount" : 5 }""", "Idempotency-Key", "d-1")).Ok();

        second["replayed"].GetBoolean().ShouldBeTrue();
        second["events"].GetRawText().ShouldBe(first["events"].GetRawText());
        second.Position.ShouldBe(first.Position);
        (await _api.Get($"/api/account/{account}")).Ok()["state"].GetProperty("balance").GetDecimal().ShouldBe(5);
        (await _api.Get($"/api/account/{account}")).Ok()["version"].GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task An_idempotency_key_cannot_be_used_for_something_else()
    {
        var account = RunningSilo.Unique("account");
        (await _api.Post($"/api/account/{account}/open", """{"ownerId":"ada","initialBalance":0}""", "Idempotency-Key", "k")).Ok();

        (await _api.Post($"/api/account/{account}/deposit", """{"amount":5}""", "Idempotency-Key", "k"))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "key-reused");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("a b")]
    [InlineData("\"open")]
    [InlineData("\"a\"b\"")]
    [InlineData("a, b")]
    public async Task A_malformed_idempotency_key_is_a_bad_request(string key) =>
        (await _api.Post($"/api/user/{RunningSilo.Unique("user")}/register", Ada, "Idempotency-Key", key))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task An_idempotency_key_has_at_most_255_characters()
    {
        var user = RunningSilo.Unique("user");
        (await _api.Post($"/api/user/{user}/register", Ada, "Idempotency-Key", new string('k', 256)))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request");

        (await _api.Post($"/api/user/{user}/register", Ada, "Idempotency-Key", new string('k', 255))).Ok();
    }

    [Fact]
    public async Task Correlation_user_and_trace_go_with_the_events()
    {
        const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var user = RunningSilo.Unique("user");

        var answer = (await _api.Post(
            $"/api/user/{user}/register", Ada, "X-Correlation-Id", $"c-{user}", "X-User-Id", "clerk", "traceparent", Trace)).Ok();

        answer.Headers.GetValues("X-Correlation-Id").ShouldBe([$"c-{user}"]);
        var metadata = (await _api.Get($"/api/events?correlationId=c-{user}")).Ok()["events"][0].GetProperty("metadata");
        metadata.GetProperty("userId").GetString().ShouldBe("clerk");
        metadata.GetProperty("traceParent").GetString().ShouldBe(Trace);
        metadata.GetProperty("causationId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_command_without_a_correlation_id_is_given_one()
    {
        var user = RunningSilo.Unique("user");

        var answer = (await _api.Post($"/api/user/{user}/register", Ada)).Ok();

        var given = answer.Headers.GetValues("X-Correlation-Id").Single();
        (await _api.Get($"/api/events?correlationId={given}")).Ok()["events"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_command_without_members_needs_no_body()
    {
        var product = RunningSilo.Unique("product");
        (await _api.Post($"/api/product/{product}/create", """{"name":"Lamp","description":"","price":1,"category":"light"}""")).Ok();

        (await _api.Post($"/api/product/{product}/discontinue")).Ok();
    }
}
