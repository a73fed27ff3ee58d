using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Views;

public sealed class ViewTests(RunningSilo silo)
{
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "gte", "lt", "lte"];
    private static readonly string[] Fields = ["id", "name", "price", "category"];

    private readonly Api _api = silo.Api;

    [Fact]
    public async Task The_views_are_listed_with_their_fields()
    {
        var views = (await _api.Get("/api/views")).Ok()["items"].EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!);

        views.Keys.ShouldBe(["accounts", "inventory", "order-statistics", "orders", "products", "saga-counts", "sagas", "users"], ignoreOrder: true);
        views["accounts"].GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString())
            .ShouldBe(["id", "ownerId", "balance", "isActive"]);
        views["orders"].TryGetProperty("position", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_view_is_filtered_sorted_and_searched()
    {
        var category = await Catalogue();

        (await Names($"category={category}&sort=price")).ShouldBe(["Candle", "Lamp", "Lantern", "Chandelier"]);
        (await Names($"category={category}&sort=-price&limit=1")).ShouldBe(["Chandelier"]);
        (await Names($"category={category}&price.gte=10&price.lt=100&sort=name")).ShouldBe(["Lamp", "Lantern"]);
        (await Names($"category={category}&name.ne=Lamp&sort=name")).ShouldBe(["Candle", "Chandelier", "Lantern"]);
        (await Names($"category={category}&q=brass")).ShouldBe(["Lantern"]);
        (await Names($"category={category}&q=LAN+rass")).ShouldBe([]);
        (await Names($"category={category}&q=LAN+bräß")).ShouldBe(["Lantern"]);
        (await Names($"category={category}&isActive=false")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_follow_each_other_without_loss_or_repetition()
    {
        var category = await Catalogue();
        var names = new List<string?>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = (await _api.Get($"/api/views/products?category={category}&sort=price&limit=3&cursor={cursor}")).Ok();
            page["total"].GetInt64().ShouldBe(4);
            names.AddRange(NamesOf(page));
            cursor = page["next"].GetString();
        }

        names.ShouldBe(["Candle", "Lamp", "Lantern", "Chandelier"]);
    }

    [Fact]
    public async Task A_view_is_read_no_earlier_than_asked_for()
    {
        var user = RunningSilo.Unique("user");
        var written = (await _api.Post($"/api/user/{user}/register", """{"name":"Ada","email":"a@example.org"}""")).Ok();

        (await _api.Get($"/api/views/users/{user}?after={written.Position}")).Ok()["name"].GetString().ShouldBe("Ada");
        var page = (await _api.Get($"/api/views/users?after={written.Position}&id={user}")).Ok();
        page["position"].GetInt64().ShouldBeGreaterThanOrEqualTo(written.Position);
    }

    [Fact]
    public async Task A_position_that_is_not_reached_in_time_is_a_503_that_says_when_to_try_again()
    {
        var answer = await _api.Get("/api/views/users?after=1000000000");

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "view-behind");
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("colour=red", "colour")]
    [InlineData("price=cheap", "price")]
    [InlineData("price.near=3", "price.near")]
    [InlineData("sort=colour", "sort")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("after=x", "after")]
    public async Task A_parameter_that_is_wrong_or_unknown_is_named(string query, string parameter) =>
        (await _api.Get($"/api/views/products?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request")
            .Fields().ShouldBe([parameter]);

    [Theory]
    [InlineData("colour=red", "colour")]
    [InlineData("sort=colour", "sort")]
    [InlineData("sort=--price", "sort")]
    public async Task Who_asks_for_a_field_that_is_not_declared_is_told_those_that_are(string query, string parameter) =>
        (await _api.Get($"/api/views/products?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request")
            ["errors"].GetProperty(parameter)[0].GetString().ShouldEndWith("It has: id, name, description, price, category, isActive.");

    [Fact]
    public async Task What_is_asked_for_has_its_limits()
    {
        (string Query, string Parameter)[] wrong =
        [
            ($"q={new string('x', 501)}", "q"), ($"name={new string('x', 501)}", "name"), ($"cursor={new string('x', 4097)}", "cursor"),
            (string.Join('&', Enumerable.Range(0, 4).SelectMany(_ => Comparisons).Select((c, n) => $"{Fields[n / 6]}.{c}=1")), "category.lte"),
        ];
        foreach (var (query, parameter) in wrong)
        {
            (await _api.Get($"/api/views/products?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request")
                .Fields().ShouldContain(parameter);
        }

        (await _api.Get($"/api/views/products?q={new string('x', 500)}")).Ok()["total"].GetInt64().ShouldBe(0);
        (await _api.Get("/api/views/orders?q=x")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request").Fields().ShouldBe(["q"]);
    }

    [Fact]
    public async Task Unknown_views_and_documents_are_not_found()
    {
        (await _api.Get("/api/views/oders")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-view");
        (await _api.Get("/api/views/oders/1")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-view");
        (await _api.Get("/api/views/orders/nope")).ShouldBeProblem(HttpStatusCode.NotFound, "document-not-found");
    }

    private async Task<string> Catalogue()
    {
        var category = RunningSilo.Unique("category");
        var position = 0L;
        foreach (var (name, description, price) in new[]
        {
            ("Lamp", "warm light", "19.90"), ("Lantern", "of brass", "49.00"), ("Candle", "of wax", "2.50"), ("Chandelier", "of crystal", "990"),
        })
        {
            position = (await _api.Post(
                $"/api/product/{RunningSilo.Unique("product")}/create",
                $$"""{"name":"{{name}}","description":"{{description}}","price":{{price}},"category":"{{category}}"}""")).Ok().Position;
        }

        (await _api.Get($"/api/views/products?limit=1&after={position}")).Ok();
        return category;
    }

    private async Task<IEnumerable<string?>> Names(string query) => NamesOf((await _api.Get($"/api/views/products?{query}")).Ok());

    private static IEnumerable<string?> NamesOf(Answer page) =>
        page["items"].EnumerateArray().Select(p => p.GetProperty("name").GetString());
}
