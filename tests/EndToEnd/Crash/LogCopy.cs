using System.Text.Json;
using EndToEnd.Http;

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

/// <summary>Reads the whole log.</summary>
internal static class LogCopy
{
    public static async Task<IReadOnlyList<LoggedEvent>> Read(Api api)
    {
        var events = new List<LoggedEvent>();
        for (long after = 0, head = 1; after < head;)
        {
            var page = (await api.Get($"/api/events?after={after}&limit=1000")).Ok();
            events.AddRange(page["events"].EnumerateArray().Select(LoggedEvent.Of));
            (after, head) = (page["through"].GetInt64(), page["head"].GetInt64());
        }

        return events;
    }
}
