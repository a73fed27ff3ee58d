using System.Text.Json;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Projections;
using Loire.Queries;
using Loire.Serialization;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Subscriptions;

/// <summary><c>/api/subscriptions/{name}/audit</c>: compares a view with the log. It may be named with its version or without.</summary>
internal static class AuditEndpoints
{
    public static void MapAudits(this RouteGroupBuilder api)
    {
        api.MapPost("/subscriptions/{name}/audit", Start);
        api.MapGet("/subscriptions/{name}/audit", Get);
    }

    private static async Task Start(HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions, IGrainFactory grains)
    {
        var view = RebuildEndpoints.ViewNamed(http, views, subscriptions);
        var parameters = new QueryParameters(http.Request);
        var (from, to) = (parameters.Text("idFrom"), parameters.Text("idTo"));
        var rate = parameters.Number("eventsPerSecond", min: 1);
        parameters.Check(rate is null or <= int.MaxValue, "eventsPerSecond", $"At most {int.MaxValue} is possible.");
        parameters.Finish();

        var reply = await grains.GetGrain<IAuditGrain>(view).Start(new AuditRequest(from, to, (int?)rate)).WaitAsync(http.RequestAborted);
        await (reply.Refusal is null
            ? Answer(http, StatusCodes.Status202Accepted, reply.Report!)
            : KnownProblems.AuditRefused(view, reply.Refusal).ExecuteAsync(http));
    }

    private static async Task Get(HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions, IGrainFactory grains)
    {
        new QueryParameters(http.Request).Finish();
        var view = RebuildEndpoints.ViewNamed(http, views, subscriptions);
        var report = await grains.GetGrain<IAuditGrain>(view).Status().WaitAsync(http.RequestAborted);
        await (report is null ? KnownProblems.NeverAudited(view).ExecuteAsync(http) : Answer(http, StatusCodes.Status200OK, report));
    }

    private static Task Answer(HttpContext http, int status, AuditReport report) => JsonAnswer.WriteRaw(
        http,
        status,
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                report.View,
                report.State,
                Sound = report.State == AuditState.Completed ? report.IsSound : (bool?)null,
                report.Request.IdFrom,
                report.Request.IdTo,
                report.Generation,
                report.StartedAt,
                report.EndedAt,
                report.Position,
                report.Target,
                report.LastError,
                Tables = report.Tables.Select(table => new
                {
                    table.Name,
                    table.Documents,
                    table.Expected,
                    table.Differing,
                    table.Unsettled,
                    table.Partitions,
                    table.Differences,
                }),
            },
            LoireJson.Stored));
}
