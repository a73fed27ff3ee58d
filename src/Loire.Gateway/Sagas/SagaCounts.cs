using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Gateway.Answers;
using Loire.Gateway.Requests;
using Loire.Gateway.Views;
using Loire.Queries;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Sagas;

/// <summary><c>GET /api/sagas/counts</c>: how many sagas there are, by type and status.</summary>
internal static class SagaCounts
{
    public static async Task Get(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait, SagaTypes types)
    {
        var view = SagaReading.SagasOf(views);
        var parameters = new QueryParameters(http.Request);
        var after = parameters.Number("after", min: 0);
        parameters.Finish();

        await wait.For(http, view, after);
        var counts = await Task.WhenAll(types.Names.Select(t => Of(view, reader, t, http.RequestAborted)));
        await JsonAnswer.WritePage(http, "items", counts, Write, _ => { });
    }

    private static async Task<Counts> Of(ViewSchema view, ViewReader reader, string type, CancellationToken cancellation)
    {
        var byStatus = await Task.WhenAll(SagaReading.Statuses.Select(s => Count("status", s)));
        return new Counts(
            type, [.. SagaReading.Statuses.Zip(byStatus)], await Count("stuck", true), await Count("hasOpenWork", true));

        async Task<long> Count(string field, object value) =>
            (await reader.Query(view, new ViewQuery { Limit = 1, Conditions = [Is("sagaType", type), Is(field, value)] }, cancellation)).Total;

        ViewCondition Is(string field, object value) => new(view.Field(field)!, Comparison.Equal, value);
    }

    private static void Write(Utf8JsonWriter writer, Counts counts)
    {
        writer.WriteStartObject();
        writer.WriteString("sagaType", counts.Type);
        writer.WriteNumber("total", counts.ByStatus.Sum(s => s.Count));
        foreach (var (status, count) in counts.ByStatus)
        {
            writer.WriteNumber(status, count);
        }

        writer.WriteNumber("stuck", counts.Stuck);
        writer.WriteNumber("openWork", counts.OpenWork);
        writer.WriteEndObject();
    }

    private sealed record Counts(string Type, IReadOnlyList<(string Status, long Count)> ByStatus, long Stuck, long OpenWork);
}
