using System.Net;
using System.Text.Json;
using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>What became of a request. Every "then" throws when it does not hold, and may be followed by others.</summary>
public sealed class HttpOutcome
{
    private const string ProblemType = "urn:loire:problem:";

    private readonly string _request;
    private readonly IReadOnlyDictionary<string, string> _headers;
    private readonly IReadOnlyList<HappenedEvent> _followed;

    internal HttpOutcome(
        string request, int status, IReadOnlyDictionary<string, string> headers, string body, IReadOnlyList<HappenedEvent> followed)
    {
        _request = request;
        _headers = headers;
        _followed = followed;
        Status = status;
        Body = body;
    }

    public int Status { get; }

    /// <summary>The body as text.</summary>
    public string Body { get; }

    /// <summary>The answer has this status.</summary>
    /// <exception cref="SpecificationException">It has another.</exception>
    public HttpOutcome Then(HttpStatusCode status) => Status == (int)status
        ? this
        : throw Failure("The status is not the one that was expected.", $"status {(int)status}").ToException();

    /// <summary>The answer has this header.</summary>
    /// <exception cref="SpecificationException">It has none of this name, or another value.</exception>
    public HttpOutcome ThenHeader(string name, string value) => _headers.TryGetValue(name, out var actual) && actual == value
        ? this
        : throw Failure("The header is not the one that was expected.", $"{name}: {value}")
            .With("header", $"{name}: {actual ?? "nothing"}").ToException();

    /// <summary>The body has these members with these values; whatever else it has does not matter.</summary>
    /// <param name="members">An anonymous object, a record, anything that becomes a JSON object.</param>
    /// <exception cref="SpecificationException">It has not.</exception>
    public HttpOutcome ThenBody(object members)
    {
        var expected = JsonSerializer.SerializeToElement(members, members.GetType(), LoireJson.Stored);
        var actual = Json();
        var difference = actual is { ValueKind: JsonValueKind.Object } body
            ? Difference.Between("body", expected, Only(body, expected))
            : "the body is no JSON object";
        return difference is null
            ? this
            : throw Failure("The body is not the one that was expected.", expected).With("difference", difference).ToException();
    }

    /// <summary>The answer is a problem document (RFC 9457).</summary>
    /// <param name="name">The end of its type, after <c>urn:loire:problem:</c>.</param>
    /// <param name="status">Its status.</param>
    /// <exception cref="SpecificationException">It is another, or none.</exception>
    public HttpOutcome ThenProblem(string name, HttpStatusCode status)
    {
        var isProblem = _headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/problem+json", StringComparison.Ordinal);
        return isProblem && Status == (int)status && Json()?.GetProperty("type").GetString() == ProblemType + name
            ? this
            : throw Failure("The answer is not the problem that was expected.", $"status {(int)status}, problem {name}").ToException();
    }

    /// <summary>Exactly these events followed from the request, on this stream. What sagas do in answer to them does not count.</summary>
    /// <exception cref="SpecificationException">Others followed.</exception>
    public HttpOutcome ThenEvents(string aggregate, string id, params IReadOnlyList<object> events)
    {
        Named[] expected = [.. events.Select(e => Show(new StreamName(aggregate, id), e))];
        return Difference.Between("event", expected, [.. _followed.Select(f => Show(f.Stream, f.Event))]) is not { } difference
            ? this
            : throw Failure("The events are not those that were expected.", expected)
                .With("events", _followed).With("difference", difference).ToException();
    }

    /// <summary>No event followed from the request.</summary>
    /// <exception cref="SpecificationException">Some did.</exception>
    public HttpOutcome ThenNoEvents() => _followed.Count == 0
        ? this
        : throw Failure("Events followed where none were expected.").With("events", _followed).ToException();

    private static Named Show(StreamName stream, object e) => Named.Of(e).At(stream.ToString());

    private static JsonElement Only(JsonElement body, JsonElement expected) => JsonSerializer.SerializeToElement(
        expected.EnumerateObject().Where(m => body.TryGetProperty(m.Name, out _)).ToDictionary(m => m.Name, m => body.GetProperty(m.Name)));

    private JsonElement? Json()
    {
        try
        {
            return JsonElement.Parse(Body);
        }
        catch (JsonException)
        {
            // Not JSON: whoever asked says so.
            return null;
        }
    }

    private Report Failure(string headline, params IEnumerable<object> expected) => new Report(headline)
        .With("when", _request)
        .With("expected", expected)
        .With("got", $"status {Status}", Body.Length == 0 ? "no body" : Body);
}
