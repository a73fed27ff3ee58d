using EndToEnd.Http;

namespace EndToEnd.Crash;

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
