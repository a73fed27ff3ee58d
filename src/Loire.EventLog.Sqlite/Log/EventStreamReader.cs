namespace Loire.EventLog.Sqlite;

/// <summary>Reads a part of a stream.</summary>
internal static class EventStreamReader
{
    private const string Stream = $"SELECT {EventTable.Columns} FROM events WHERE aggregate = ?1 AND id = ?2";

    public static List<RecordedEvent> After(Connection connection, StreamName stream, long version)
    {
        using var query = connection.Prepare($"{Stream} AND version > ?3 ORDER BY version");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, version);
        return EventTable.ReadAll(query);
    }

    /// <summary>The whole stream, from its snapshot of a shape on if that fits.</summary>
    public static LoadedStream FromSnapshot(Connection connection, StreamName stream, string shape)
    {
        var found = SnapshotTable.Find(connection, stream, shape);
        return SnapshotFit.Of(found, After(connection, stream, found is null ? 0 : found.Version - 1))
            ?? new LoadedStream(null, 0, After(connection, stream, 0), Misfit: found);
    }

    public static StreamPage Page(Connection connection, StreamName stream, long from, int limit, ReadDirection direction)
    {
        var forwards = direction == ReadDirection.Forwards;
        var version = EventTable.Version(connection, stream);
        using var query = connection.Prepare(
            forwards
                ? $"{Stream} AND version >= ?3 ORDER BY version LIMIT ?4"
                : $"{Stream} AND version <= ?3 ORDER BY version DESC LIMIT ?4");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, from).Bind(4, (long)limit);
        var events = EventTable.ReadAll(query);
        return new StreamPage(events, Next(events, forwards, version), version);
    }

    private static long? Next(List<RecordedEvent> events, bool forwards, long version)
    {
        if (events.Count == 0)
        {
            return null;
        }

        var last = events[^1].Version;
        return forwards
            ? last < version ? last + 1 : null
            : last > 1 ? last - 1 : null;
    }
}
