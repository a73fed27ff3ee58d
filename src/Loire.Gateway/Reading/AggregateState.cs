using Loire.Aggregates;
using Loire.EventLog;
using Loire.Gateway.Answers;
using Loire.Gateway.Commands;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Reading;

/// <summary><c>GET /api/{aggregate}/{id}</c>: the state of an aggregate, folded from its events; now or in the past.</summary>
internal static class AggregateState
{
    public static async Task Get(HttpContext http, AggregateRegistry aggregates, IEventLog log)
    {
        var aggregate = http.Name("aggregate");
        if (!aggregates.TryGet(aggregate, out var definition))
        {
            await KnownProblems.UnknownAggregate(aggregate, aggregates.Names).ExecuteAsync(http);
            return;
        }

        var stream = new StreamName(aggregate, http.Id());
        var query = new QueryParameters(http.Request);
        var (version, asOf) = (query.Number("version", min: 1), query.Time("asOf"));
        query.Check(version is null || asOf is null, "asOf", "It cannot be given together with version.");
        query.Finish();

        var events = await log.Load(stream, cancellation: http.RequestAborted);
        if (Missing(stream, events, version, asOf) is { } problem)
        {
            await problem.ExecuteAsync(http);
            return;
        }

        await Write(http, definition, stream, [.. events.TakeWhile(e => !(e.Version > version || e.OccurredAt > asOf))]);
    }

    private static Problem? Missing(StreamName stream, IReadOnlyList<RecordedEvent> events, long? version, DateTimeOffset? asOf) => events switch
    {
        [] => KnownProblems.AggregateNotFound(stream.Aggregate, stream.Id),
        [.., var last] when version > last.Version => KnownProblems.VersionNotFound(stream.Aggregate, stream.Id, last.Version),
        [var first, ..] when first.OccurredAt > asOf =>
            KnownProblems.AggregateNotFound(stream.Aggregate, stream.Id, $"as of {asOf.Value.UtcDateTime:O}"),
        _ => null,
    };

    private static Task Write(HttpContext http, AggregateDefinition definition, StreamName stream, IReadOnlyList<RecordedEvent> events)
    {
        var (version, state) = (events[^1].Version, definition.Fold(events));
        http.Response.Headers.ETag = CommandAnswer.ETag(version);
        return JsonAnswer.Write(http, StatusCodes.Status200OK, (stream, version, state), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteString("aggregate", answer.stream.Aggregate);
            writer.WriteString("id", answer.stream.Id);
            writer.WriteNumber("version", answer.version);
            writer.WritePropertyName("state");
            answer.state.WriteTo(writer);
            writer.WriteEndObject();
        });
    }
}
