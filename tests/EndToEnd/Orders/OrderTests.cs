using System.Net;
using System.Text.Json;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Orders;

public sealed class OrderTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task An_order_is_reserved_charged_shipped_and_confirmed()
    {
        var (order, product, customer) = (RunningSilo.Unique("order"), RunningSilo.Unique("product"), RunningSilo.Unique("customer"));
        (await _api.Post($"/api/user/{customer}/register", """{"name":"Ada","email":"ada@example.org"}""")).Ok();
        (await _api.Post($"/api/product/{product}/create", """{"name":"Lamp","description":"Warm","price":49.90,"category":"light"}""")).Ok();
        (await _api.Post($"/api/inventory/{product}/receive-stock", """{"quantity":10}""")).Ok();

        (await Place(order, customer, product, quantity: 2)).Ok();
        var saga = await _api.EndedSaga(order);

        saga["status"].GetString().ShouldBe("completed");
        Texts(saga["completedSteps"]).ShouldBe(["reserve-inventory", "process-payment", "create-shipment", "confirm-order"]);
        (await _api.Get($"/api/order/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("confirmed");
        (await _api.Get($"/api/payment/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("charged");
        (await _api.Get($"/api/shipment/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("created");

        var view = (await _api.View($"orders/{order}")).Ok();
        view["status"].GetString().ShouldBe("confirmed");
        view["customerName"].GetString().ShouldBe("Ada");
        view["total"].GetDecimal().ShouldBe(99.80m);
        view["items"][0].GetProperty("productName").GetString().ShouldBe("Lamp");
        var stock = (await _api.View($"inventory/{product}")).Ok();
        (stock["available"].GetInt64(), stock["reserved"].GetInt64()).ShouldBe((8, 2));
        var statistics = (await _api.View($"order-statistics?productId={product}")).Ok()["items"][0];
        statistics.GetProperty("orders").GetInt32().ShouldBe(1);
        statistics.GetProperty("quantity").GetInt64().ShouldBe(2);
        statistics.GetProperty("revenue").GetDecimal().ShouldBe(99.80m);
    }

    [Fact]
    public async Task An_order_without_stock_is_cancelled_and_nothing_is_charged()
    {
        var (order, product) = (RunningSilo.Unique("order"), RunningSilo.Unique("product"));

        (await Place(order, "anyone", product)).Ok();
        var saga = await _api.EndedSaga(order);

        saga["status"].GetString().ShouldBe("failed");
        var state = (await _api.Get($"/api/order/{order}")).Ok()["state"];
        state.GetProperty("status").GetString().ShouldBe("cancelled");
        state.GetProperty("cancelReason").GetString().ShouldStartWith("Out of stock");
        (await _api.Get($"/api/payment/{order}")).ShouldBeProblem(HttpStatusCode.NotFound, "aggregate-not-found");
        (await _api.View($"orders/{order}")).Ok()["status"].GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task An_order_whose_payment_is_declined_gives_its_stock_back()
    {
        var (order, product) = (RunningSilo.Unique("order"), RunningSilo.Unique("product"));
        (await _api.Post($"/api/inventory/{product}/receive-stock", """{"quantity":5}""")).Ok();

        (await Place(order, "anyone", product, method: "declined")).Ok();
        var saga = await _api.EndedSaga(order);

        saga["status"].GetString().ShouldBe("failed");
        Texts(saga["compensatedSteps"]).ShouldContain("reserve-inventory");
        (await _api.Get($"/api/order/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("cancelled");
        (await _api.Get($"/api/payment/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("declined");
        var stock = (await _api.View($"inventory/{product}")).Ok();
        (stock["available"].GetInt64(), stock["reserved"].GetInt64()).ShouldBe((5, 0));
    }

    [Fact]
    public async Task A_confirmed_order_that_is_cancelled_is_refunded_and_not_shipped()
    {
        var (order, product) = (RunningSilo.Unique("order"), RunningSilo.Unique("product"));
        (await _api.Post($"/api/inventory/{product}/receive-stock", """{"quantity":5}""")).Ok();
        (await Place(order, "anyone", product)).Ok();
        (await _api.EndedSaga(order))["status"].GetString().ShouldBe("completed");

        (await _api.Post($"/api/order/{order}/cancel", """{"reason":"Changed my mind"}""")).Ok();
        await _api.Until($"/api/sagas/{order}", a => a["status"].GetString() == "failed");

        (await _api.Get($"/api/payment/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("refunded");
        (await _api.Get($"/api/shipment/{order}")).Ok()["state"].GetProperty("status").GetString().ShouldBe("cancelled");
        (await _api.Get($"/api/inventory/{product}")).Ok()["state"].GetProperty("available").GetInt64().ShouldBe(5);
        (await _api.Get($"/api/order/{order}")).Ok()["state"].GetProperty("cancelReason").GetString().ShouldBe("Changed my mind");
    }

    [Fact]
    public async Task Deposits_and_withdrawals_show_in_the_accounts_view()
    {
        var account = RunningSilo.Unique("account");
        (await _api.Post($"/api/account/{account}/open", """{"ownerId":"ada","initialBalance":100}""")).Ok();
        (await _api.Post($"/api/account/{account}/deposit", """{"amount":20.50}""")).Ok();
        var last = (await _api.Post($"/api/account/{account}/withdraw", """{"amount":0.25}""")).Ok();

        var view = (await _api.Get($"/api/views/accounts/{account}?after={last.Position}")).Ok();

        view["balance"].GetDecimal().ShouldBe(120.25m);
    }

    private Task<Answer> Place(string order, string customer, string product, int quantity = 1, string method = "card") => _api.Post(
        $"/api/order/{order}/place",
        $$"""{"customerId":"{{customer}}","items":[{"productId":"{{product}}","quantity":{{quantity}},"price":49.90}],"paymentMethod":"{{method}}"}""");

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(e => e.GetString());
}
