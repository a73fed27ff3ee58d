using System.Text.Json;

namespace EndToEnd.Crash;

/// <summary>A command that a client wants carried out exactly once, however often it has to ask.</summary>
/// <param name="Aggregate">Aggregate type.</param>
/// <param name="Id">Aggregate id.</param>
/// <param name="Command">Name of the command.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Key">Idempotency key, and correlation id of all that follows.</param>
internal sealed record Operation(string Aggregate, string Id, string Command, string Payload, string Key)
{
    public string Path => $"/api/{Aggregate}/{Id}/{Command}";
}

/// <summary>An operation that was answered, so that it counts for ever.</summary>
/// <param name="Operation">What was asked for.</param>
/// <param name="Rejection">The rule that stood against it, if one did.</param>
/// <param name="Events">The events of the answer.</param>
internal sealed record Acknowledgement(Operation Operation, string? Rejection, IReadOnlyList<AcknowledgedEvent> Events)
{
    public static Acknowledgement Of(Operation operation, JsonElement receipt) => new(
        operation,
        Rejection: null,
        [.. receipt.GetProperty("events").EnumerateArray().Select(e => new AcknowledgedEvent(
            e.GetProperty("eventId").GetGuid(), e.GetProperty("type").GetString()!, e.GetProperty("version").GetInt64()))]);
}

internal sealed record AcknowledgedEvent(Guid EventId, string Type, long Version);
