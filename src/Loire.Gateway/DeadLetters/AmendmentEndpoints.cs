using System.Globalization;
using System.Text.Json;
using Loire.DeadLetters;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Gateway.Subscriptions;
using Loire.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Loire.Gateway.DeadLetters;

/// <summary><c>/api/subscriptions/{name}/amendments</c>: what people have decided about events that it could not handle.</summary>
internal static class AmendmentEndpoints
{
    private const int DefaultLimit = 20;

    public static void MapAmendments(this RouteGroupBuilder api)
    {
        api.MapGet("/subscriptions/{name}/amendments", List);
        api.MapDelete("/subscriptions/{name}/amendments/{position}", Withdraw);
    }

    private static async Task List(HttpContext http, DeadLetterOperations letters, SubscriptionRegistry registry)
    {
        var subscription = SubscriptionEndpoints.Named(http, registry);
        var parameters = new QueryParameters(http.Request);
        var (limit, cursor) = (parameters.Limit(DefaultLimit), parameters.Text("cursor"));
        parameters.Finish();

        var (items, total, next) = await letters.Amendments(subscription.Name, limit, cursor, http.RequestAborted);
        await JsonAnswer.WritePage(http, "items", items, Write, writer =>
        {
            writer.WriteNumber("total", total);
            writer.WriteString("next", next);
        });
    }

    private static async Task Withdraw(HttpContext http, DeadLetterOperations letters, SubscriptionRegistry registry)
    {
        var subscription = SubscriptionEndpoints.Named(http, registry);
        var parameters = new QueryParameters(http.Request);
        var by = parameters.Text("by");
        parameters.Check(by is null or { Length: <= DeadLetterEdit.MaxBy }, "by", $"A text of 1 to {DeadLetterEdit.MaxBy} characters is needed.");
        parameters.Finish();
        var text = http.Name("position");
        var reply = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? await letters.Withdraw(subscription, position, by).WaitAsync(http.RequestAborted)
            : new DeadLetterReply.NotFound();
        await (reply is DeadLetterReply.Done
            ? JsonAnswer.Write(http, StatusCodes.Status200OK, position, static (writer, withdrawn) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("withdrawn", withdrawn);
                writer.WriteEndObject();
            })
            : KnownProblems.AmendmentNotFound(subscription.Name, text).ExecuteAsync(http));
    }

    private static void Write(Utf8JsonWriter writer, Amendment amendment)
    {
        writer.WriteStartObject();
        writer.WriteString("queue", amendment.Queue);
        writer.WriteNumber("partition", amendment.Partition);
        writer.WriteNumber("position", amendment.Position);
        writer.WriteString("eventId", amendment.EventId);
        writer.WriteString("aggregate", amendment.Aggregate);
        writer.WriteString("aggregateId", amendment.AggregateId);
        writer.WriteString("type", amendment.Type);
        writer.WriteString("decision", amendment.IsWithdrawal ? "withdrawn" : amendment.Data is null ? "never" : "edited");
        DeadLetterJson.WriteData(writer, "data", amendment.Data);
        DeadLetterJson.WriteData(writer, "originalData", amendment.OriginalData);
        writer.WriteString("by", amendment.By);
        writer.WriteString("at", amendment.At.UtcDateTime);
        writer.WriteEndObject();
    }
}
