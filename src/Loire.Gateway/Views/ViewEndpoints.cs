using Loire.EventLog.Views;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Monitoring;
using Loire.Queries;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Views;

internal static class ViewEndpoints
{
    public static void MapViews(this RouteGroupBuilder api)
    {
        api.MapGet("/views", List);
        api.MapGet("/views/{view}", Query);
        api.MapGet("/views/{view}/{id}", Find);
    }

    private static async Task List(HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions, SubscriptionOverview overview)
    {
        new QueryParameters(http.Request).Finish();
        var reports = await overview.Read([.. views.All.Select(v => subscriptions.Get(views.SubscriptionOf(v)))], http.RequestAborted);
        await JsonAnswer.WritePage(http, "items", [.. views.All.Zip(reports, (v, r) => (v, r.Position))], ViewJson.Write, _ => { });
    }

    private static async Task Query(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait)
    {
        var view = Named(http, views);
        var parameters = new QueryParameters(http.Request);
        var after = parameters.Number("after", min: 0);
        var (query, errors) = QueryText.Parse(await reader.Live(view, http.RequestAborted), parameters.Rest());
        parameters.Add(errors);
        parameters.Finish();

        await wait.For(http, view, after);
        await ViewJson.WritePage(http, await reader.Query(view, query, http.RequestAborted));
    }

    private static async Task Find(HttpContext http, ViewRegistry views, ViewReader reader, ViewWait wait)
    {
        var view = Named(http, views);
        var id = http.Name("id");
        var parameters = new QueryParameters(http.Request);
        var after = parameters.Number("after", min: 0);
        parameters.Finish();

        await wait.For(http, view, after);
        await (await reader.Find(view, id, http.RequestAborted) is { } document
            ? JsonAnswer.WriteRaw(http, StatusCodes.Status200OK, document.Json)
            : KnownProblems.DocumentNotFound(view.Name, id).ExecuteAsync(http));
    }

    /// <exception cref="ProblemException">There is no such view.</exception>
    private static ViewSchema Named(HttpContext http, ViewRegistry views)
    {
        var name = http.Name("view");
        return views.TryGet(name, out var view)
            ? view
            : throw new ProblemException(KnownProblems.UnknownView(name, views.All.Select(v => v.Name)));
    }
}
