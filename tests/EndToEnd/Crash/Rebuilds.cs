using System.Net;
using EndToEnd.Http;

namespace EndToEnd.Crash;

/// <summary>Views are filled anew while the silo is killed; the next one goes on with that, without being asked.</summary>
internal static class Rebuilds
{
    private static readonly string[] Views = ["accounts", "inventory", "orders", "users"];

    /// <summary>Starts rebuilds, until the connection breaks. Those of the last round may still be under way.</summary>
    public static async Task Start(Api api)
    {
        try
        {
            foreach (var view in Views)
            {
                var answer = await api.Post($"/api/subscriptions/{view}/rebuild");
                answer.Status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Conflict);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // That is what a client sees of a crash. The rebuild has been started, or has not.
        }
    }

    /// <summary>Waits until all that were started have taken over.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> HaveEnded(Api api)
    {
        var ended = 0;
        foreach (var view in Views)
        {
            var rebuild = await api.Until($"/api/subscriptions/{view}/rebuild", a => a.Status == HttpStatusCode.NotFound || a["state"].GetString() != "running");
            if (rebuild.Status != HttpStatusCode.NotFound)
            {
                rebuild["state"].GetString().ShouldBe("completed", rebuild.Body);
                ended++;
            }
        }

        return ended;
    }
}
