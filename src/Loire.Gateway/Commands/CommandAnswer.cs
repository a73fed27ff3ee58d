using System.Globalization;
using System.Text.Json;
using Loire.Commands;
using Loire.Gateway.Answers;
using Loire.Gateway.Problems;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Commands;

/// <summary>Says what became of a command.</summary>
internal static class CommandAnswer
{
    public const string Position = "Loire-Position";

    public static Task Write(HttpContext http, string aggregate, CommandResult result) => result switch
    {
        CommandResult.Accepted accepted => Write(http, accepted),
        CommandResult.Rejected rejected => Conflict("rejected", "A business rule stands against the command.", rejected.Detail, w =>
            w.WriteString("code", rejected.Code)).ExecuteAsync(http),
        CommandResult.InFlight => (Conflict(
            "in-flight", "The command is still running.", "A command with the same idempotency key has not been answered yet.") with
        {
            RetryAfter = KnownProblems.Soon,
        }).ExecuteAsync(http),
        CommandResult.VersionMismatch mismatch => VersionMismatch(mismatch.CurrentVersion).ExecuteAsync(http),
        CommandResult.KeyReused => KeyReused().ExecuteAsync(http),
        CommandResult.Invalid invalid => KnownProblems.InvalidPayload(invalid.Errors).ExecuteAsync(http),
        CommandResult.UnknownCommand unknown =>
            KnownProblems.UnknownCommand(aggregate, http.Request.RouteValues["command"]!.ToString()!, unknown.Known).ExecuteAsync(http),
        CommandResult.StoreUnavailable store => KnownProblems.StoreUnavailable(store.Detail, store.RetryAfter).ExecuteAsync(http),
        _ => throw new NotSupportedException($"No outcome of a command: {result.GetType()}"),
    };

    private static Task Write(HttpContext http, CommandResult.Accepted accepted)
    {
        http.Response.Headers.ETag = ETag(accepted.Receipt.Version);
        http.Response.Headers[Position] = accepted.Receipt.Position.ToString(CultureInfo.InvariantCulture);
        return JsonAnswer.Write(http, StatusCodes.Status200OK, accepted, static (writer, accepted) => Write(writer, accepted));
    }

    /// <summary>The strong entity tag of a version.</summary>
    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static void Write(Utf8JsonWriter writer, CommandResult.Accepted accepted)
    {
        var receipt = accepted.Receipt;
        writer.WriteStartObject();
        writer.WriteString("aggregate"u8, receipt.Aggregate);
        writer.WriteString("id"u8, receipt.Id);
        writer.WriteNumber("version"u8, receipt.Version);
        writer.WriteNumber("position"u8, receipt.Position);
        writer.WriteStartArray("events"u8);
        foreach (var e in receipt.Events)
        {
            writer.WriteStartObject();
            writer.WriteString("eventId"u8, e.EventId);
            writer.WriteString("type"u8, e.Type);
            writer.WriteNumber("version"u8, e.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("replayed"u8, accepted.Replayed);
        writer.WriteEndObject();
    }

    private static Problem VersionMismatch(long current) => new(
        StatusCodes.Status412PreconditionFailed,
        "version-mismatch",
        "The aggregate does not have that version.",
        $"It is at version {current}.") { Extensions = w => w.WriteNumber("currentVersion", current) };

    private static Problem KeyReused() => new(
        StatusCodes.Status422UnprocessableEntity,
        "key-reused",
        "The idempotency key was used before.",
        "The same key came with another command or another payload. Use a new key for a new command.");

    private static Problem Conflict(string name, string title, string detail, Action<Utf8JsonWriter>? extensions = null) =>
        new(StatusCodes.Status409Conflict, name, title, detail) { Extensions = extensions };
}
