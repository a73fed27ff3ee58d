using Loire.Aggregates;
using Loire.EventLog;
using Loire.Gateway.Answers;
using Loire.Gateway.Commands;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Reading;

/// <summary>
/// <c>GET /api/{aggregate}/{id}</c>: the state of an aggregate now, from its snapshot and the events after it, or in the past,
/// folded from its events.
/// </summary>
internal static class AggregateState
{
    public static async Task Get(HttpContext http, AggregateRegistry aggregates, AggregateReader reader, IEventLog log)
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

        if (version is null && asOf is null)
        {
            await (await reader.Read(definition, stream.Id, http.RequestAborted) is { } now
                ? Write(http, stream, now)
                : KnownProblems.AggregateNotFound(aggregate, stream.Id).ExecuteAsync(http));
            return;
        }

        var events = await log.Load(stream, cancellation: http.RequestAborted);
        if (Missing(stream, events, version, asOf) is { } problem)
        {
            await problem.ExecuteAsync(http);
            return;
        }

        RecordedEvent[] past = [.. events.TakeWhile(e => !(e.Version > version || e.OccurredAt > asOf))];
        await Write(http, stream, new AggregateReading(past[^1].Version, definition.Fold(past)));
    }

    private static Problem? Missing(StreamName stream, IReadOnlyList<RecordedEvent> events, long? version, DateTimeOffset? asOf) => events switch
    {
        [] => KnownProblems.AggregateNotFound(stream.Aggregate, stream.Id),
        [.., var last] when version > last.Version => KnownProblems.VersionNotFound(stream.Aggregate, stream.Id, last.Version),
        [var first, ..] when first.OccurredAt > asOf =>
            KnownProblems.AggregateNotFound(stream.Aggregate, stream.Id, $"as of {asOf.Value.UtcDateTime:O}"),
        _ => null,
    };

    private static Task Write(HttpContext http, StreamName stream, AggregateReading reading)
    {
        http.Response.Headers.ETag = CommandAnswer.ETag(reading.Version);
        return JsonAnswer.Write(http, StatusCodes.Status200OK, (stream, reading), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteString("aggregate", answer.stream.Aggregate);
            writer.WriteString("id", answer.stream.Id);
            writer.WriteNumber("version", answer.reading.Version);
            writer.WritePropertyName("state");
            answer.reading.State.WriteTo(writer);
            writer.WriteEndObject();
        });
    }
}
