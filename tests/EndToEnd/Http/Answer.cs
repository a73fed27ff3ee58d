using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EndToEnd.Http;

/// <summary>What the gateway answered.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Body)
{
    private JsonElement? _json;

    public JsonElement Json => _json ??= JsonDocument.Parse(Body).RootElement;

    public long Position => Json.GetProperty("position").GetInt64();

    public string? ETag => Headers.ETag?.ToString();

    public JsonElement this[string member] => Json.GetProperty(member);

    /// <summary>The answer itself, if it is a success.</summary>
    public Answer Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Body);
        return this;
    }

    /// <summary>The answer itself, if it is a whole problem document of this status and name.</summary>
    public Answer ShouldBeProblem(HttpStatusCode status, string name)
    {
        Status.ShouldBe(status, Body);
        ContentType.ShouldBe("application/problem+json");
        this["type"].GetString().ShouldBe($"urn:loire:problem:{name}");
        this["status"].GetInt32().ShouldBe((int)status);
        this["title"].GetString().ShouldNotBeNullOrEmpty();
        this["traceId"].GetString().ShouldNotBeNullOrEmpty();
        return this;
    }

    /// <summary>The names of the fields that the problem document complains of.</summary>
    public IEnumerable<string> Fields() => this["errors"].EnumerateObject().Select(e => e.Name);
}
