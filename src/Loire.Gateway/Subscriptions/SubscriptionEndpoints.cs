using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Monitoring;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Subscriptions;

/// <summary><c>GET /api/subscriptions</c> and <c>GET /api/subscriptions/{name}</c>.</summary>
internal static class SubscriptionEndpoints
{
    public static void MapSubscriptions(this RouteGroupBuilder api)
    {
        api.MapGet("/subscriptions", List);
        api.MapGet("/subscriptions/{name}", Get);
    }

    private static async Task List(HttpContext http, SubscriptionOverview overview)
    {
        new QueryParameters(http.Request).Finish();
        await JsonAnswer.WritePage(http, "items", await overview.Read(http.RequestAborted), SubscriptionJson.Write, _ => { });
    }

    private static async Task Get(HttpContext http, SubscriptionRegistry registry, SubscriptionOverview overview)
    {
        new QueryParameters(http.Request).Finish();
        var found = await overview.Read([Named(http, registry)], http.RequestAborted);
        await JsonAnswer.Write(http, StatusCodes.Status200OK, found[0], SubscriptionJson.WriteWithPartitions);
    }

    /// <exception cref="ProblemException">There is no such subscription.</exception>
    public static SubscriptionDefinition Named(HttpContext http, SubscriptionRegistry registry)
    {
        var name = http.Name("name");
        return registry.TryFind(name, out var subscription)
            ? subscription
            : throw new ProblemException(KnownProblems.UnknownSubscription(name, registry.All.Select(s => s.Name)));
    }
}
