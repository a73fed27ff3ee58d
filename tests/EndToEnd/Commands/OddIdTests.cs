using System.Net;
using EndToEnd.Http;
using EndToEnd.Silo;

namespace EndToEnd.Commands;

public sealed class OddIdTests(RunningSilo silo)
{
    private const string Ada = """{"name":"Ada","email":"ada@example.org"}""";
    private readonly Api _api = silo.Api;

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("%")]
    [InlineData("+ +")]
    [InlineData("Loire é 川 😀")]
    [InlineData("a?b#c&d=e")]
    [InlineData("\"quoted\" \\ 'single'")]
    [InlineData("<script>")]
    public async Task An_id_may_hold_any_character(string odd)
    {
        var id = $"{odd}{RunningSilo.Unique("")}";
        var path = Uri.EscapeDataString(id);

        var answer = (await _api.Post($"/api/user/{path}/register", Ada)).Ok();

        answer["id"].GetString().ShouldBe(id);
        (await _api.Get($"/api/user/{path}")).Ok()["id"].GetString().ShouldBe(id);
        (await _api.Get($"/api/streams/user/{path}")).Ok()["events"][0].GetProperty("id").GetString().ShouldBe(id);
        (await _api.Get($"/api/views/users/{path}?after={answer.Position}")).Ok()["id"].GetString().ShouldBe(id);
    }

    [Fact]
    public async Task An_id_has_at_most_200_characters()
    {
        var id = RunningSilo.Unique("u").PadRight(200, 'x');

        (await _api.Post($"/api/user/{id}/register", Ada)).Ok();
        (await _api.Post($"/api/user/{id}x/register", Ada)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("%01")]
    [InlineData("%7F")]
    [InlineData("%C2%85")]
    [InlineData("%FF")]
    public async Task Control_characters_and_broken_encoding_are_a_bad_request(string path) =>
        (await _api.Get($"/api/user/{path}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request");
}
