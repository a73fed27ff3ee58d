using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Loire.EventLog;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Testing;

/// <summary>What the HTTP API of a cluster is given: events that have happened, then a request.</summary>
public sealed class HttpSpecification
{
    private const string CorrelationId = "X-Correlation-Id";

    private readonly LoireTestCluster _cluster;
    private readonly IReadOnlyList<(string Aggregate, string Id, IReadOnlyList<object> Events)> _given;

    internal HttpSpecification(LoireTestCluster cluster, IReadOnlyList<(string Aggregate, string Id, IReadOnlyList<object> Events)> given)
    {
        _cluster = cluster;
        _given = given;
    }

    /// <summary>These events have happened to an aggregate; they are in its stream when the request is sent.</summary>
    public HttpSpecification Given(string aggregate, string id, params IReadOnlyList<object> events) =>
        new(_cluster, [.. _given, (aggregate, id, events)]);

    /// <summary>A command comes, or anything else that is posted.</summary>
    /// <param name="path">Its path, with the query if there is one.</param>
    /// <param name="body">Sent as JSON; text is sent as it is, <see langword="null"/> not at all.</param>
    /// <param name="headers">Its headers.</param>
    /// <exception cref="SpecificationException">There was no answer within the cluster's limit.</exception>
    public Task<HttpOutcome> WhenPost(string path, object? body = null, params IReadOnlyList<(string Name, string Value)> headers) =>
        When(HttpMethod.Post, path, body, headers);

    /// <summary>Somebody reads.</summary>
    /// <param name="path">The path, with the query if there is one.</param>
    /// <param name="headers">The headers.</param>
    /// <exception cref="SpecificationException">There was no answer within the cluster's limit.</exception>
    public Task<HttpOutcome> WhenGet(string path, params IReadOnlyList<(string Name, string Value)> headers) =>
        When(HttpMethod.Get, path, body: null, headers);

    /// <summary>A request comes.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path, with the query if there is one.</param>
    /// <param name="body">Sent as JSON; text is sent as it is, <see langword="null"/> not at all.</param>
    /// <param name="headers">Its headers.</param>
    /// <exception cref="SpecificationException">There was no answer within the cluster's limit.</exception>
    public async Task<HttpOutcome> When(
        HttpMethod method, string path, object? body = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        foreach (var (aggregate, id, events) in _given)
        {
            await _cluster.Given(aggregate, id, events);
        }

        using var request = Request(method, path, body, headers);
        var before = _cluster.StoredLog.Head;
        using var limit = new CancellationTokenSource(_cluster.Limit);
        try
        {
            using var response = await _cluster.Http.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            var correlation = request.Headers.GetValues(CorrelationId).First();
            var told = body is null ? $"{method} {path}" : $"{method} {path} {Text(body)}";
            return new HttpOutcome(told, (int)response.StatusCode, HeadersOf(response), text, await Followed(before, correlation));
        }
        catch (OperationCanceledException e)
        {
            throw new SpecificationException($"{method} {path} was not answered. It was waited for {_cluster.Limit}.", e);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body, IReadOnlyList<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Text(body)));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.Remove(name);
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!request.Headers.Contains(CorrelationId))
        {
            request.Headers.Add(CorrelationId, $"spec-{Guid.NewGuid():N}");
        }

        return request;
    }

    private static string Text(object body) => body as string ?? JsonSerializer.Serialize(body, body.GetType(), LoireJson.Strict);

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The events that the request itself led to: the first ones that bear its correlation. What sagas do of them has
    /// another cause, and may be there or not.
    /// </summary>
    private async Task<IReadOnlyList<HappenedEvent>> Followed(long after, string correlation)
    {
        var catalog = _cluster.Services.GetRequiredService<EventCatalog>();
        var page = await _cluster.StoredLog.ReadAll(after, new LogFilter { CorrelationId = correlation }, limit: 10_000);
        return
        [
            .. page.Events.TakeWhile(e => e.Metadata.CausationId == page.Events[0].Metadata.CausationId)
                .Select(e => new HappenedEvent(e.Stream, catalog.Decode(e), e.OccurredAt, e.Metadata)),
        ];
    }
}
