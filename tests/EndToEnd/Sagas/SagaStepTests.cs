using System.Net;
using System.Text.Json;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Sagas;

public sealed class SagaStepTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task A_step_that_waits_is_answered_once()
    {
        var id = await Onboard();
        var waiting = await Waits(id);
        waiting["currentStep"].GetString().ShouldBe("verify-email");
        waiting["progress"].ToString().ShouldBe("""{"done":1,"total":4}""");
        waiting["wakeAt"].ToString().ShouldBe(waiting["pending"][0].GetProperty("due").ToString());

        (await _api.Post($"/api/sagas/{id}/steps/verify-email/completed")).Ok()["applied"].GetBoolean().ShouldBeTrue();
        (await _api.Post($"/api/sagas/{id}/steps/verify-email/completed")).Ok()["applied"].GetBoolean().ShouldBeFalse();

        (await Until(id, a => a["status"].GetString() == "completed"))["wakeAt"].ValueKind
            .ShouldBe(JsonValueKind.Null);
        (await _api.Get($"/api/account/{id}")).Ok()["state"].GetProperty("balance").GetDecimal().ShouldBe(5);
        (await _api.Post($"/api/sagas/{id}/steps/verify-email/failed", """{"code":"too-late"}""")).Ok()["applied"].GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_step_that_has_failed_outside_undoes_what_was_done()
    {
        var id = await Onboard();
        await Waits(id);

        (await _api.Post($"/api/sagas/{id}/steps/verify-email/failed", """{"code":"bounced","reason":"The mail came back."}""")).Ok();

        var failed = await Until(id, a => a["status"].GetString() == "failed");
        failed["reason"].GetString().ShouldBe("The mail came back.");
        (await _api.Get($"/api/user/{id}")).Ok()["state"].GetProperty("isActive").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_step_can_be_skipped_with_a_reason()
    {
        var id = await Onboard();
        await Waits(id);

        (await _api.Post($"/api/sagas/{id}/steps/verify-email/skip")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload");
        (await _api.Post($"/api/sagas/{id}/steps/verify-email/skip", """{"reason":"We know her."}""")).Ok();

        var done = await Until(id, a => a["status"].GetString() == "completed");
        done["skippedSteps"].ToString().ShouldBe("""["verify-email"]""");
        done["history"].EnumerateArray().Single(h => h.GetProperty("event").GetString() == "step-skipped")
            .GetProperty("detail").GetString().ShouldBe("We know her.");
    }

    [Fact]
    public async Task What_cannot_be_done_to_a_step_is_refused()
    {
        var id = await Onboard();
        await Waits(id);

        (await _api.Post($"/api/sagas/{id}/steps/nope/completed")).ShouldBeProblem(HttpStatusCode.NotFound, "step-not-found");
        (await _api.Post("/api/sagas/nope/steps/verify-email/completed")).ShouldBeProblem(HttpStatusCode.NotFound, "saga-not-found");
        (await _api.Post($"/api/sagas/{id}/steps/open-account/completed")).ShouldBeProblem(HttpStatusCode.Conflict, "not-waiting");
        (await _api.Post($"/api/sagas/{id}/steps/verify-email/retry")).ShouldBeProblem(HttpStatusCode.Conflict, "not-failed");
        (await _api.Post($"/api/sagas/{id}/steps/register-user/skip", """{"reason":"No."}""")).ShouldBeProblem(HttpStatusCode.Conflict, "not-current");
        (await _api.Post($"/api/sagas/{id}/steps/verify-email/failed", "{}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload");
    }

    [Theory]
    [InlineData("visa", "completed")]
    [InlineData("repeated", "completed")]
    [InlineData("late", "completed")]
    [InlineData("declined", "failed")]
    public async Task A_payment_ends_however_its_provider_answers(string card, string status)
    {
        var id = RunningSilo.Unique("payment");
        (await _api.Post($"/api/sagas/payment-processing/{id}/start", $$"""{"paymentId":"{{id}}","amount":12.50,"card":"{{card}}"}""")).Ok();

        var ended = await Until(id, a => a["status"].GetString() is "completed" or "failed");

        ended["status"].GetString().ShouldBe(status);
        ended["openWork"].GetArrayLength().ShouldBe(0);
        if (status == "completed")
        {
            ended["context"].GetProperty("authorization").GetString().ShouldBe($"ref-{id}/authorize");
            (await _api.Post($"/api/sagas/{id}/compensate")).ShouldBeProblem(HttpStatusCode.Conflict, "past-no-return");
        }
    }

    [Fact]
    public async Task Sagas_are_searched_and_counted()
    {
        var id = await Onboard();
        await Waits(id);

        var mine = (await _api.Get($"/api/sagas?type=user-onboarding&status=running&stuck=false&correlationId=for-{id}")).Ok();
        mine["items"].EnumerateArray().Single().GetProperty("sagaId").GetString().ShouldBe(id);
        (await _api.Get($"/api/sagas?correlationId=for-{id}&olderThan=1h")).Ok()["total"].GetInt64().ShouldBe(0);
        (await _api.Get($"/api/sagas?correlationId=for-{id}&createdAt.gte=2020-01-01T00:00:00Z&sort=-createdAt")).Ok()["total"].GetInt64().ShouldBe(1);
        (await _api.Get("/api/sagas?olderThan=soon")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request").Fields().ShouldBe(["olderThan"]);

        var counts = (await _api.Get("/api/sagas/counts")).Ok()["items"].EnumerateArray()
            .Single(c => c.GetProperty("sagaType").GetString() == "user-onboarding");
        counts.GetProperty("running").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
        counts.GetProperty("total").GetInt64().ShouldBeGreaterThanOrEqualTo(counts.GetProperty("running").GetInt64());
    }

    private async Task<string> Onboard()
    {
        var id = RunningSilo.Unique("new");
        var context = $$"""{"userId":"{{id}}","name":"Ada","email":"ada@example.org","accountId":"{{id}}","gift":5.00}""";
        (await _api.Post($"/api/sagas/user-onboarding/{id}/start", context, "X-Correlation-Id", $"for-{id}")).Ok();
        return id;
    }

    private Task<Answer> Waits(string id) => Until(id, a => a["pending"].EnumerateArray().Any(p => p.GetProperty("waits").GetBoolean()));

    private Task<Answer> Until(string id, Func<Answer, bool> holds) =>
        _api.Until($"/api/sagas/{id}", a => a.Status == HttpStatusCode.OK && holds(a));
}
