using System.Text.Json;
using Loire.EventLog;
using Loire.Gateway.Answers;
using Loire.Gateway.Requests;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Subscriptions;

/// <summary><c>GET /api/subscriptions</c>.</summary>
internal static class SubscriptionEndpoints
{
    public static void MapSubscriptions(this RouteGroupBuilder api) => api.MapGet("/subscriptions", List);

    private static async Task List(HttpContext http, SubscriptionRegistry registry, IGrainFactory grains, IEventLog log)
    {
        new QueryParameters(http.Request).Finish();
        var reports = await Task.WhenAll(registry.All.Select(s => SubscriptionReport.Of(s, grains))).WaitAsync(http.RequestAborted);
        var head = log.Head;
        await JsonAnswer.WritePage(http, "items", reports, (writer, report) => Write(writer, report, head), _ => { });
    }

    private static void Write(Utf8JsonWriter writer, SubscriptionReport report, long head)
    {
        writer.WriteStartObject();
        writer.WriteString("name", report.Definition.Name);
        writer.WriteString("kind", report.Definition.Kind);
        writer.WriteNumber("partitions", report.Definition.Partitions);
        writer.WriteNumber("position", report.Position);
        writer.WriteNumber("head", head);
        writer.WriteNumber("lag", Math.Max(0, head - report.Position));
        writer.WriteString("status", report.Failures == 0 ? "ok" : "failing");
        writer.WriteString("lastError", report.LastError);
        writer.WriteEndObject();
    }
}
