using System.Text.Json;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Projections;
using Loire.Queries;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.Subscriptions;

/// <summary><c>/api/subscriptions/{name}/rebuild</c>: fills a view anew. It may be named with its version or without.</summary>
internal static class RebuildEndpoints
{
    public static void MapRebuilds(this RouteGroupBuilder api)
    {
        api.MapPost("/subscriptions/{name}/rebuild", Act(rebuild => rebuild.Start()));
        api.MapPost("/subscriptions/{name}/rebuild/pause", Act(rebuild => rebuild.Pause()));
        api.MapPost("/subscriptions/{name}/rebuild/resume", Resume);
        api.MapPost("/subscriptions/{name}/rebuild/cancel", Act(rebuild => rebuild.Cancel()));
        api.MapGet("/subscriptions/{name}/rebuild", Get);
    }

    private static Delegate Act(Func<IRebuildGrain, Task<RebuildReply>> act) =>
        async (HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions, IGrainFactory grains) =>
        {
            new QueryParameters(http.Request).Finish();
            await Act(http, ViewNamed(http, views, subscriptions), grains, act);
        };

    private static async Task Resume(HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions, IGrainFactory grains)
    {
        var parameters = new QueryParameters(http.Request);
        var accepts = parameters.OneOf("deadLetters", "accept") is not null;
        parameters.Finish();
        await Act(
            http, ViewNamed(http, views, subscriptions), grains, rebuild => accepts ? rebuild.ResumeAccepting() : rebuild.Resume());
    }

    private static async Task Act(HttpContext http, string view, IGrainFactory grains, Func<IRebuildGrain, Task<RebuildReply>> act)
    {
        var reply = await act(grains.GetGrain<IRebuildGrain>(view)).WaitAsync(http.RequestAborted);
        await (reply.Refusal is null
            ? Answer(http, StatusCodes.Status202Accepted, reply.Plan!)
            : KnownProblems.RebuildRefused(view, reply.Refusal).ExecuteAsync(http));
    }

    private static async Task Get(HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions, IGrainFactory grains)
    {
        new QueryParameters(http.Request).Finish();
        var view = ViewNamed(http, views, subscriptions);
        var plan = await grains.GetGrain<IRebuildGrain>(view).Status().WaitAsync(http.RequestAborted);
        await (plan is null ? KnownProblems.NeverRebuilt(view).ExecuteAsync(http) : Answer(http, StatusCodes.Status200OK, plan));
    }

    /// <exception cref="ProblemException">There is none, or it is a subscription without a view.</exception>
    internal static string ViewNamed(HttpContext http, ViewRegistry views, SubscriptionRegistry subscriptions)
    {
        var name = http.Name("name");
        return views.MainViewOf(name) ?? throw new ProblemException(
            subscriptions.All.Any(s => s.Name == name)
                ? KnownProblems.NotAView(name)
                : KnownProblems.UnknownSubscription(name, subscriptions.All.Select(s => s.Name)));
    }

    private static Task Answer(HttpContext http, int status, RebuildPlan plan) =>
        JsonAnswer.Write(http, status, plan, static (writer, rebuild) =>
        {
            writer.WriteStartObject();
            writer.WriteString("view", rebuild.View);
            writer.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(rebuild.State.ToString()));
            writer.WriteNumber("version", rebuild.Version);
            writer.WriteNumber("generation", rebuild.Generation);
            writer.WriteString("startedAt", rebuild.StartedAt);
            Write(writer, "endedAt", rebuild.EndedAt, writer.WriteStringValue);
            writer.WriteNumber("position", rebuild.Position);
            writer.WriteNumber("target", rebuild.Target);
            writer.WriteNumber("eventsPerSecond", rebuild.EventsPerSecond);
            Write(writer, "secondsLeft", rebuild.SecondsLeft, left => writer.WriteNumberValue(Math.Round(left, 1)));
            writer.WriteNumber("setAside", rebuild.SetAside);
            writer.WriteBoolean("takingOver", rebuild.TakingOver);
            writer.WriteNumber("failedAttempts", rebuild.FailedAttempts);
            writer.WriteString("lastError", rebuild.LastError);
            writer.WriteEndObject();
        });

    private static void Write<T>(Utf8JsonWriter writer, string name, T? value, Action<T> write)
        where T : struct
    {
        writer.WritePropertyName(name);
        if (value is { } known)
        {
            write(known);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
