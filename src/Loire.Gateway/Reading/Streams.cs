using Loire.Aggregates;
using Loire.EventLog;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Gateway.Sagas;
using Loire.Processes;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Reading;

/// <summary><c>GET /api/streams/{aggregate}/{id}</c>: the events of one aggregate, saga or process, either way.</summary>
internal static class Streams
{
    private const int DefaultLimit = 100;

    public static async Task Get(
        HttpContext http, AggregateRegistry aggregates, SagaTypes sagas, IEnumerable<ProcessManager> processes, IEventLog log)
    {
        var aggregate = http.Name("aggregate");
        var names = aggregates.Names.Concat(sagas.Names).Concat(processes.Select(p => p.Type));
        if (!names.Contains(aggregate))
        {
            await KnownProblems.UnknownAggregate(aggregate, names).ExecuteAsync(http);
            return;
        }

        var stream = new StreamName(aggregate, http.Id());
        var query = new QueryParameters(http.Request);
        var backwards = query.OneOf("direction", "forwards", "backwards") == "backwards";
        var from = query.Number("from", min: 1) ?? (backwards ? long.MaxValue : 1);
        var limit = query.Limit(DefaultLimit);
        query.Finish();

        var direction = backwards ? ReadDirection.Backwards : ReadDirection.Forwards;
        var page = await log.ReadStream(stream, from, limit, direction, http.RequestAborted);
        await JsonAnswer.WritePage(http, "events", page.Events, EventJson.Write, writer => writer.WriteNumberOrNull("next", page.Next));
    }
}
