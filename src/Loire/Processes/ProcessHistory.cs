using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Processes;

/// <summary>Looks into what a process has recorded.</summary>
internal sealed class ProcessHistory(StreamName stream, IEventLog log, EventCatalog catalog)
{
    private const int PageSize = 100;

    /// <summary>Whether an event was handled or ignored. It is looked for from the end, where repetitions are found.</summary>
    public async Task<bool> Contains(Guid eventId)
    {
        for (long? from = long.MaxValue; from is { } version;)
        {
            var page = await log.ReadStream(stream, version, PageSize, ReadDirection.Backwards);
            if (page.Events.Any(e => InputOf(catalog.Decode(e))?.EventId == eventId))
            {
                return true;
            }

            from = page.Next;
        }

        return false;
    }

    private static ProcessInput? InputOf(object e) => e switch
    {
        ProcessEvent.Moved moved => moved.Input,
        ProcessEvent.Ignored ignored => ignored.Input,
        ProcessEvent.Failed failed => failed.Input,
        _ => null,
    };
}
