using System.Text.Json;

namespace EndToEnd.Crash;

/// <summary>An event as it was read.</summary>
internal sealed record LoggedEvent(
    long Position, Guid EventId, string Aggregate, string Id, long Version, string Type, JsonElement Data, string? CorrelationId)
{
    public static LoggedEvent Of(JsonElement e) => new(
        e.GetProperty("position").GetInt64(),
        e.GetProperty("eventId").GetGuid(),
        e.GetProperty("aggregate").GetString()!,
        e.GetProperty("id").GetString()!,
        e.GetProperty("version").GetInt64(),
        e.GetProperty("type").GetString()!,
        e.GetProperty("data"),
        e.GetProperty("metadata").GetProperty("correlationId").GetString());

    public string Text(string member) => Data.GetProperty(member).GetString()!;

    public decimal Number(string member) => Data.GetProperty(member).GetDecimal();
}
