using Loire.EventLog;
using Loire.Gateway.Answers;
using Loire.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Reading;

/// <summary><c>GET /api/events</c>: the log, in order, filtered.</summary>
internal static class Events
{
    private const int DefaultLimit = 100;

    public static async Task Get(HttpContext http, IEventLog log)
    {
        var query = new QueryParameters(http.Request);
        var after = query.Number("after", min: 0) ?? 0;
        var limit = query.Limit(DefaultLimit);
        var filter = new LogFilter
        {
            Types = query.List("type"),
            Aggregates = query.List("aggregate"),
            Since = query.Time("since"),
            Until = query.Time("until"),
            CorrelationId = query.Text("correlationId"),
        };
        query.Finish();

        var page = await log.ReadAll(after, filter, limit, http.RequestAborted);
        await JsonAnswer.WritePage(http, "events", page.Events, EventJson.Write, writer =>
        {
            writer.WriteNumber("through", page.Through);
            writer.WriteNumber("head", page.Head);
        });
    }
}
