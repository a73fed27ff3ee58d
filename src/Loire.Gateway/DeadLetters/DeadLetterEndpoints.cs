using Loire.DeadLetters;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.DeadLetters;

/// <summary><c>/api/dead-letters</c>: events that subscriptions could not handle.</summary>
internal static class DeadLetterEndpoints
{
    private const int DefaultLimit = 20;

    private static readonly string[] States = [.. Enum.GetValues<DeadLetterState>().Select(DeadLetter.NameOf)];

    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        api.MapGet("/dead-letters", List);
        api.MapGet("/dead-letters/{id}", Get);
        api.MapPost("/dead-letters/retry", RetryAll);
        api.MapPost("/dead-letters/{id}/retry", Retry);
        api.MapPut("/dead-letters/{id}", Edit);
        api.MapDelete("/dead-letters", DeleteAll);
        api.MapDelete("/dead-letters/{id}", Delete);
    }

    private static async Task List(HttpContext http, DeadLetterOperations letters, SubscriptionRegistry registry)
    {
        var parameters = new QueryParameters(http.Request);
        var query = new DeadLetterQuery
        {
            Queue = Queue(parameters, registry),
            State = State(parameters),
            Aggregate = parameters.Text("aggregate"),
            AggregateId = parameters.Text("id"),
            Type = parameters.Text("type"),
            Since = parameters.Time("since"),
            Limit = parameters.Limit(DefaultLimit),
            Cursor = parameters.Text("cursor"),
        };
        parameters.Finish();

        var (items, total, next) = await letters.List(query, http.RequestAborted);
        await JsonAnswer.WritePage(http, "items", items, DeadLetterJson.WriteShort, writer =>
        {
            writer.WriteNumber("total", total);
            writer.WriteString("next", next);
        });
    }

    private static async Task Get(HttpContext http, DeadLetterOperations letters)
    {
        new QueryParameters(http.Request).Finish();
        await Show(http, letters, http.Name("id"));
    }

    private static async Task Retry(HttpContext http, DeadLetterOperations letters)
    {
        new QueryParameters(http.Request).Finish();
        var id = http.Name("id");
        await Answer(http, letters, id, await letters.Retry(id).WaitAsync(http.RequestAborted));
    }

    private static async Task RetryAll(HttpContext http, DeadLetterOperations letters, SubscriptionRegistry registry)
    {
        var parameters = new QueryParameters(http.Request);
        var queue = Queue(parameters, registry);
        parameters.Finish();
        await Write(http, await letters.RetryAll(queue).WaitAsync(http.RequestAborted));
    }

    private static async Task Edit(HttpContext http, DeadLetterOperations letters, IOptions<GatewayOptions> options)
    {
        new QueryParameters(http.Request).Finish();
        var id = http.Name("id");
        var edit = DeadLetterEdit.Read(await JsonBody.Read(http.Request, options.Value.MaxBodyBytes));
        await Answer(http, letters, id, await letters.Edit(id, edit.Data, edit.By).WaitAsync(http.RequestAborted));
    }

    private static async Task Delete(HttpContext http, DeadLetterOperations letters)
    {
        new QueryParameters(http.Request).Finish();
        var id = http.Name("id");
        var reply = await letters.Delete(id).WaitAsync(http.RequestAborted);
        await (reply is DeadLetterReply.Done ? Write(http, new PurgeReport(1, MoreLeft: false)) : Answer(http, letters, id, reply));
    }

    private static async Task DeleteAll(HttpContext http, DeadLetterOperations letters, SubscriptionRegistry registry, TimeProvider time)
    {
        var parameters = new QueryParameters(http.Request);
        var queue = Queue(parameters, registry);
        var before = Age.Before(parameters, "olderThan", time.GetUtcNow());
        parameters.Check(queue is not null || before is not null, "queue", "Say which to delete, by queue, by olderThan or by both.");
        parameters.Finish();
        await Write(http, await letters.DeleteAll(queue, before).WaitAsync(http.RequestAborted));
    }

    private static DeadLetterState? State(QueryParameters parameters) =>
        Array.IndexOf(States, parameters.OneOf("state", States)) is >= 0 and var index ? Enum.GetValues<DeadLetterState>()[index] : null;

    /// <summary>A subscription that is not registered any more may have dead letters still.</summary>
    private static string? Queue(QueryParameters parameters, SubscriptionRegistry registry) =>
        parameters.Text("queue") is not { } name ? null : registry.TryFind(name, out var known) ? known.Name : name;

    private static Task Answer(HttpContext http, DeadLetterOperations letters, string id, DeadLetterReply reply) => reply switch
    {
        DeadLetterReply.Retried retried => Write(http, retried.Report),
        DeadLetterReply.Done => Show(http, letters, id),
        DeadLetterReply.WrongState wrong => KnownProblems.DeadLetterState(id, wrong.Detail).ExecuteAsync(http),
        DeadLetterReply.Unreadable unreadable => KnownProblems.InvalidPayload([new("data", unreadable.Detail)]).ExecuteAsync(http),
        DeadLetterReply.NotFound => KnownProblems.DeadLetterNotFound(id).ExecuteAsync(http),
        _ => throw new NotSupportedException($"No such reply: {reply}"),
    };

    private static async Task Show(HttpContext http, DeadLetterOperations letters, string id) =>
        await (await letters.Find(id, http.RequestAborted) is { } letter
            ? JsonAnswer.Write(http, StatusCodes.Status200OK, letter, DeadLetterJson.Write)
            : KnownProblems.DeadLetterNotFound(id).ExecuteAsync(http));

    private static Task Write(HttpContext http, RetryReport report) =>
        JsonAnswer.Write(http, StatusCodes.Status200OK, report, static (writer, r) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("succeeded", r.Succeeded);
            writer.WriteNumber("failed", r.Failed);
            writer.WriteNumber("left", r.Left);
            writer.WriteEndObject();
        });

    private static Task Write(HttpContext http, PurgeReport report) =>
        JsonAnswer.Write(http, StatusCodes.Status200OK, report, static (writer, r) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("deleted", r.Deleted);
            writer.WriteBoolean("moreLeft", r.MoreLeft);
            writer.WriteEndObject();
        });
}
