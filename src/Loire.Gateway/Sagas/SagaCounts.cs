using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Gateway.Answers;
using Loire.Gateway.Requests;
using Loire.Gateway.Views;
using Loire.Queries;
using Loire.Sagas;
using Loire.Serialization;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Sagas;

/// <summary><c>GET /api/sagas/counts</c>: how many sagas there are, by type and status.</summary>
internal static class SagaCounts
{
    public static async Task Get(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait, SagaTypes types)
    {
        var view = views.TryGet(SagasView.Counts, out var counts) ? counts : SagaReading.SagasOf(views);
        var parameters = new QueryParameters(http.Request);
        var after = parameters.Number("after", min: 0);
        parameters.Finish();

        await wait.For(http, view, after);
        var tallies = await Task.WhenAll(types.Names.Select(t => Of(view, reader, t, http.RequestAborted)));
        await JsonAnswer.WritePage(http, "items", tallies, Write, _ => { });
    }

    private static async Task<SagaTally> Of(ViewSchema view, ViewReader reader, string type, CancellationToken cancellation) =>
        await reader.Find(view, type, cancellation) is { } document
            ? JsonSerializer.Deserialize<SagaTally>(document.Json.Span, LoireJson.Stored)!
            : new SagaTally(type);

    private static void Write(Utf8JsonWriter writer, SagaTally tally)
    {
        writer.WriteStartObject();
        writer.WriteString("sagaType", tally.SagaType);
        writer.WriteNumber("total", tally.Started + tally.Running + tally.Completed + tally.Compensating + tally.Failed);
        writer.WriteNumber("started", tally.Started);
        writer.WriteNumber("running", tally.Running);
        writer.WriteNumber("completed", tally.Completed);
        writer.WriteNumber("compensating", tally.Compensating);
        writer.WriteNumber("failed", tally.Failed);
        writer.WriteNumber("stuck", tally.Stuck);
        writer.WriteNumber("openWork", tally.OpenWork);
        writer.WriteEndObject();
    }
}
