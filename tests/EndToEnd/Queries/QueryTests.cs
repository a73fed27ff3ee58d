using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Queries;

/// <summary>Queries with handlers of their own.</summary>
public sealed class QueryTests(RunningSilo silo)
{
    private readonly Api _api = silo.Api;

    [Fact]
    public async Task The_queries_are_listed_with_their_parameters()
    {
        var queries = (await _api.Get("/api/queries")).Ok()["items"].EnumerateArray().ToDictionary(q => q.GetProperty("name").GetString()!);

        queries.Keys.ShouldBe(["orders-of-customer", "product-search"], ignoreOrder: true);
        queries["orders-of-customer"].GetProperty("parameters").EnumerateArray()
            .Select(p => $"{p.GetProperty("name")} {p.GetProperty("kind")} {p.GetProperty("required")}")
            .ShouldBe(["customerId text True", "status pending|confirmed|shipped|delivered|cancelled False", "limit number False", "cursor text False"]);
        queries["orders-of-customer"].GetProperty("views").EnumerateArray().Select(v => v.GetString()).ShouldBe(["orders", "users"]);
    }

    [Fact]
    public async Task A_customers_orders_are_read_page_by_page_with_what_the_customer_has_just_done()
    {
        var customer = RunningSilo.Unique("customer");
        (await _api.Post($"/api/user/{customer}/register", """{"name":"Ada","email":"a@example.org"}""")).Ok();
        var placed = 0L;
        foreach (var n in Enumerable.Range(0, 3))
        {
            placed = (await _api.Post(
                $"/api/order/{customer}-{n}/place",
                $$"""{"customerId":"{{customer}}","items":[{"productId":"none","quantity":1,"price":{{n + 1}}}],"paymentMethod":"card"}""")).Ok().Position;
        }

        var first = (await _api.Get($"/api/queries/orders-of-customer?customerId={customer}&limit=2&after={placed}")).Ok();
        var second = (await _api.Get(
            $"/api/queries/orders-of-customer?customerId={customer}&limit=2&cursor={first["orders"].GetProperty("next").GetString()}")).Ok();

        first["customerName"].GetString().ShouldBe("Ada");
        first["orders"].GetProperty("total").GetInt64().ShouldBe(3);
        first["orders"].GetProperty("position").GetInt64().ShouldBeGreaterThanOrEqualTo(placed);
        Ids(first).Concat(Ids(second)).ShouldBe([$"{customer}-2", $"{customer}-1", $"{customer}-0"]);
        (await _api.Get($"/api/queries/orders-of-customer?customerId={customer}&status=delivered")).Ok()
            ["orders"].GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Products_are_searched_with_what_is_in_stock()
    {
        var (product, category) = (RunningSilo.Unique("product"), RunningSilo.Unique("category"));
        (await _api.Post(
            $"/api/product/{product}/create",
            $$"""{"name":"Crème lamp","description":"warm","price":19.90,"category":"{{category}}"}""")).Ok();
        var received = (await _api.Post($"/api/inventory/{product}/receive-stock", """{"quantity":7}""")).Ok().Position;

        var found = (await _api.Get($"/api/queries/product-search?text=creme&category={category}&maxPrice=19.9&after={received}")).Ok();

        found["items"].EnumerateArray().ShouldHaveSingleItem().GetProperty("available").GetInt64().ShouldBe(7);
        (await _api.Get($"/api/queries/product-search?text=creme&category={category}&maxPrice=19.89")).Ok()["total"].GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("", "customerId")]
    [InlineData("customerId=", "customerId")]
    [InlineData("customerId=a&colour=red&after=x", "after", "colour")]
    [InlineData("customerId=a&limit=ten", "limit")]
    [InlineData("customerId=a&limit=1.5", "limit")]
    [InlineData("customerId=a&limit=99999999999", "limit")]
    [InlineData("customerId=a&limit=0", "limit")]
    [InlineData("customerId=a&limit=[1]", "limit")]
    [InlineData("customerId=a&status=Lost", "status")]
    [InlineData("customerId=a&status=1", "status")]
    [InlineData("customerId=a&customerId=b", "customerId")]
    [InlineData("customerId=a&CustomerId=b", "CustomerId", "customerId")]
    [InlineData("customerId=a&cursor=abc", "cursor")]
    public async Task A_parameter_that_is_missing_unknown_or_malformed_is_named(string query, params string[] parameters) =>
        (await _api.Get($"/api/queries/orders-of-customer?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request")
            .Fields().ShouldBe(parameters, ignoreOrder: true);

    [Fact]
    public async Task What_there_is_not_is_not_found()
    {
        (await _api.Get("/api/queries/oders")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-query");
        (await _api.Get("/api/queries/orders-of-customer?customerId=nobody")).ShouldBeProblem(HttpStatusCode.NotFound, "nothing-found");
        (await _api.Get("/api/queries/orders-of-customer?customerId=nobody&after=1000000000"))
            .ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "view-behind");
    }

    private static IEnumerable<string?> Ids(Answer answer) =>
        answer["orders"].GetProperty("items").EnumerateArray().Select(o => o.GetProperty("id").GetString());
}
