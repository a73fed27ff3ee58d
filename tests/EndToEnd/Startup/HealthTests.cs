using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Startup;

public sealed class HealthTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task A_silo_that_runs_is_alive_and_healthy()
    {
        (await _api.Get("/alive")).Ok()["status"].GetString().ShouldBe("alive");

        var health = (await _api.Get("/health")).Ok();

        health["status"].GetString().ShouldBe("healthy");
        health["checks"].EnumerateObject().Select(c => c.Name).ShouldBe(["store", "relay", "timers", "sagas", "subscriptions", "deadLetters"]);
    }

    [Fact]
    public async Task Subscriptions_catch_up_with_the_log()
    {
        var head = await _api.Head();

        var answer = await _api.Until("/api/subscriptions", a =>
            a["items"].EnumerateArray().All(s => s.GetProperty("status").GetString() == "ok" && s.GetProperty("position").GetInt64() >= head));

        answer["items"].EnumerateArray().Select(s => s.GetProperty("kind").GetString()).ShouldContain("saga-trigger");
    }
}
