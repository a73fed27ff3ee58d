namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>Appends to a stream that others append to as well.</summary>
internal static class RacingWriter
{
    /// <summary>Two events at a time, until so many appends have gone through. An append that fails is tried again with the same events.</summary>
    /// <returns>The events that were acknowledged.</returns>
    public static async Task<List<Guid>> Run(IEventLog log, string stream, int appends)
    {
        List<Guid> acknowledged = [];
        var version = 0L;
        for (var events = Sample.Events(2); acknowledged.Count < appends * 2;)
        {
            try
            {
                switch (await log.Append(stream, version, events))
                {
                    case AppendResult.Appended appended:
                        version = appended.Receipt.Version;
                        acknowledged.AddRange(events.Select(e => e.EventId));
                        events = Sample.Events(2);
                        break;
                    case AppendResult.Conflict conflict:
                        version = conflict.CurrentVersion;
                        break;
                }
            }
            catch (StoreUnavailableException e)
            {
                // Unknown: the same events at the same version are found when they are there. Otherwise nothing has happened.
                e.ShouldNotBeNull();
                await Task.Delay(10);
            }
        }

        return acknowledged;
    }
}

internal static class LogCheck
{
    /// <summary>Every acknowledged event is there once, and positions and versions have no gap.</summary>
    public static async Task Holds(IEventLog log, List<Guid> acknowledged)
    {
        (await log.Everything()).Select(e => e.EventId).Order().ShouldBe(acknowledged.Order());
        await HasNoGaps(log);
    }

    /// <summary>Positions and versions count from 1, each once.</summary>
    public static async Task HasNoGaps(IEventLog log)
    {
        var events = await log.Everything();
        events.Select(e => e.Position).ShouldBe(Enumerable.Range(1, events.Count).Select(n => (long)n));
        foreach (var stream in events.GroupBy(e => e.Stream))
        {
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(n => (long)n));
        }
    }
}
