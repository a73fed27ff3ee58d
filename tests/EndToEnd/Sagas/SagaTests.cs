using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Sagas;

public sealed class SagaTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task A_saga_can_be_started_by_hand_and_compensated()
    {
        var (id, product) = (RunningSilo.Unique("saga"), RunningSilo.Unique("product"));
        (await _api.Post($"/api/inventory/{product}/receive-stock", """{"quantity":5}""")).Ok();
        (await _api.Post($"/api/order/{id}/place", Order(product))).Ok();
        (await _api.EndedSaga(id))["status"].GetString().ShouldBe("completed");

        var again = (await _api.Post($"/api/sagas/order-fulfillment/{id}/start", Context(id, product))).Ok();
        again["status"].GetString().ShouldBe("completed");

        (await _api.Post($"/api/sagas/{id}/compensate", """{"reason":"Lost in the post"}""")).Ok();
        var undone = await _api.Until($"/api/sagas/{id}?type=order-fulfillment", a => a["status"].GetString() == "failed");
        undone["reason"].GetString().ShouldBe("Lost in the post");
        (await _api.Get($"/api/inventory/{product}")).Ok()["state"].GetProperty("available").GetInt64().ShouldBe(5);
        (await _api.Get($"/api/order/{id}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_saga_shows_its_context_and_its_history()
    {
        var id = RunningSilo.Unique("saga");
        (await _api.Post($"/api/order/{id}/place", Order("never-received"))).Ok();

        var saga = await _api.EndedSaga(id);

        saga["sagaId"].GetString().ShouldBe(id);
        saga["sagaType"].GetString().ShouldBe("order-fulfillment");
        saga["context"].GetProperty("orderId").GetString().ShouldBe(id);
        saga["history"].EnumerateArray().Select(h => h.GetProperty("event").GetString())
            .ShouldBe(["started", "step-failed", "step-withdrawn", "failed"]);
        (await _api.Get($"/api/streams/order-fulfillment/{id}")).Ok()["events"].GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Sagas_are_listed_by_type_and_status()
    {
        var id = RunningSilo.Unique("saga");
        (await _api.Post($"/api/order/{id}/place", Order("never-received"))).Ok();
        await _api.EndedSaga(id);

        var failed = (await _api.Get("/api/sagas?type=order-fulfillment&status=failed&limit=1000")).Ok();
        failed["items"].EnumerateArray().ShouldContain(s => s.GetProperty("sagaId").GetString() == id);
        failed["items"].EnumerateArray().ShouldAllBe(s => s.GetProperty("status").GetString() == "failed");
        (await _api.Get("/api/sagas?type=another")).Ok()["total"].GetInt64().ShouldBe(0);
        (await _api.Get("/api/sagas?limit=1")).Ok()["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_saga_that_cannot_be_is_refused()
    {
        (await _api.Get("/api/sagas/nope")).ShouldBeProblem(HttpStatusCode.NotFound, "saga-not-found");
        (await _api.Post("/api/sagas/nope/compensate")).ShouldBeProblem(HttpStatusCode.NotFound, "saga-not-found");
        (await _api.Post("/api/sagas/nope/1/start", "{}")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-saga-type");
        (await _api.Get("/api/sagas?status=lost")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request").Fields().ShouldBe(["status"]);
        (await _api.Post("/api/sagas/order-fulfillment/1/start", """{"orderId":1}"""))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload").Fields().ShouldContain("orderId");
    }

    private static string Order(string product) =>
        $$"""{"customerId":"ada","items":[{"productId":"{{product}}","quantity":1,"price":1.00}],"paymentMethod":"card"}""";

    private static string Context(string id, string product) =>
        $$"""{"orderId":"{{id}}","customerId":"ada","items":[{"productId":"{{product}}","quantity":1,"price":1.00}],"total":1.00,"paymentMethod":"card"}""";
}
