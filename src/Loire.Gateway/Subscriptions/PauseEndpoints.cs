using Loire.Gateway.Answers;
using Loire.Gateway.Requests;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Subscriptions;

/// <summary><c>POST /api/subscriptions/{name}/pause|resume</c>: answers when that is on disk for every partition.</summary>
internal static class PauseEndpoints
{
    public static void MapPauses(this RouteGroupBuilder api)
    {
        api.MapPost("/subscriptions/{name}/pause", Pause);
        api.MapPost("/subscriptions/{name}/resume", Resume);
    }

    private static Task Pause(HttpContext http, SubscriptionRegistry registry, IGrainFactory grains) =>
        Each(http, registry, grains, grain => grain.Pause(), paused: true);

    private static Task Resume(HttpContext http, SubscriptionRegistry registry, IGrainFactory grains) =>
        Each(http, registry, grains, grain => grain.Resume(), paused: false);

    private static async Task Each(
        HttpContext http, SubscriptionRegistry registry, IGrainFactory grains, Func<ISubscriptionGrain, Task> tell, bool paused)
    {
        new QueryParameters(http.Request).Finish();
        var subscription = SubscriptionEndpoints.Named(http, registry);
        await Task.WhenAll(Enumerable.Range(0, subscription.Partitions).Select(partition =>
                tell(grains.GetGrain<ISubscriptionGrain>($"{subscription.Name}/{partition}"))))
            .WaitAsync(http.RequestAborted);
        await JsonAnswer.Write(http, StatusCodes.Status200OK, (subscription.Name, paused), static (writer, told) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", told.Name);
            writer.WriteBoolean("paused", told.paused);
            writer.WriteEndObject();
        });
    }
}
