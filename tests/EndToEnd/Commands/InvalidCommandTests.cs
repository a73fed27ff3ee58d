using System.Net;
using System.Text;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Commands;

public sealed class InvalidCommandTests(RunningSilo silo)
{
    private const int Limit = 1 << 20;
    private readonly Api _api = silo.Api;
    private readonly string _path = $"/api/order/{RunningSilo.Unique("order")}/place";

    [Fact]
    public async Task An_unknown_type_of_aggregate_is_not_found() =>
        (await _api.Post("/api/ordr/1/place", "{}")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-aggregate");

    [Fact]
    public async Task An_unknown_command_is_not_found_and_the_known_ones_are_named() =>
        (await _api.Post("/api/order/1/fly", "{}")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-command")["detail"]
            .GetString()!.ShouldContain("cancel, confirm, place");

    [Theory]
    [InlineData("{\"customerId\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{} {}")]
    [InlineData("{\"\\ud800\":1}")]
    public async Task What_is_no_json_object_is_a_bad_request(string body) =>
        (await _api.Post(_path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload").Fields().ShouldNotBeEmpty();

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_a_bad_request()
    {
        var body = new ByteArrayContent([.. "{\"customerId\":\""u8, 0xFF, .. "\"}"u8]);
        body.Headers.ContentType = new("application/json");

        (await _api.Send(Api.Request(_path, body))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload");
    }

    [Fact]
    public async Task Every_member_that_is_wrong_is_named()
    {
        var answer = await _api.Post(
            _path, """{"customerId":5,"items":[{"productId":null,"quantity":0,"price":"much"}],"extra":true}""");

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload").Fields().Order().ShouldBe(
            ["customerId", "extra", "items[0].price", "items[0].productId", "items[0].quantity", "paymentMethod"]);
    }

    [Fact]
    public async Task A_product_that_cannot_exist_cannot_be_ordered() =>
        (await _api.Post(_path, """{"customerId":"c","items":[{"productId":"a\u0001b","quantity":1,"price":1}],"paymentMethod":"card"}"""))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-payload").Fields().ShouldBe(["items[0].productId"]);

    [Fact]
    public async Task An_invalid_command_leaves_nothing_behind()
    {
        await _api.Post(_path, """{"customerId":5}""");

        (await _api.Get(_path[..^"/place".Length])).ShouldBeProblem(HttpStatusCode.NotFound, "aggregate-not-found");
    }

    [Theory]
    [InlineData(Limit + 1)]
    [InlineData(20 << 20)]
    public async Task A_body_beyond_the_limit_is_refused(int size) =>
        (await _api.Post(_path, new string(' ', size))).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");

    [Fact]
    public async Task A_body_of_unknown_length_beyond_the_limit_is_refused()
    {
        using var stream = new MemoryStream(new byte[2 * Limit]);
        var request = Api.Request(_path, new StreamContent(stream), "Transfer-Encoding", "chunked");
        request.Content!.Headers.ContentType = new("application/json");

        (await _api.Send(request)).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task A_body_at_the_limit_is_read()
    {
        var user = RunningSilo.Unique("user");
        const string Json = """{"name":"Ada","email":"a@example.org"}""";

        (await _api.Post($"/api/user/{user}/register", Json.PadRight(Limit))).Ok();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=latin1")]
    [InlineData(null)]
    public async Task A_body_that_is_not_labelled_as_json_is_refused(string? type)
    {
        var body = new ByteArrayContent("{}"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        (await _api.Send(Api.Request(_path, body))).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "not-json");
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/vnd.shop+json")]
    public async Task Json_goes_by_several_names(string type)
    {
        var body = new StringContent("""{"name":"Ada","email":"a@example.org"}""", Encoding.UTF8);
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        (await _api.Send(Api.Request($"/api/user/{RunningSilo.Unique("user")}/register", body))).Ok();
    }

    [Fact]
    public async Task An_unknown_route_and_a_wrong_method_are_problems_too()
    {
        (await _api.Get("/nothing/here")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown-route");
        (await _api.Send(new HttpRequestMessage(HttpMethod.Put, _path))).ShouldBeProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }
}
