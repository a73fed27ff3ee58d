namespace Loire.EventLog.Sqlite;

/// <summary>The table <c>snapshots</c>.</summary>
internal static class SnapshotTable
{
    /// <summary>The snapshot of a stream, if it has this shape.</summary>
    public static Snapshot? Find(Connection connection, StreamName stream, string shape)
    {
        using var query = connection.Prepare(
            "SELECT version, event_id, state FROM snapshots WHERE aggregate = ?1 AND id = ?2 AND shape = ?3");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, shape);
        return query.Step()
            ? new Snapshot(stream, query.Int64(0), new Guid(query.Bytes(1), bigEndian: true), shape, query.Bytes(2).ToArray())
            : null;
    }

    /// <returns>Whether it was kept.</returns>
    public static bool Save(Connection connection, Snapshot snapshot)
    {
        using var insert = connection.Prepare(
            """
            INSERT INTO snapshots (aggregate, id, version, event_id, shape, state)
            SELECT e.aggregate, e.id, e.version, e.event_id, ?5, ?6 FROM events e
            WHERE e.aggregate = ?1 AND e.id = ?2 AND e.version = ?3 AND e.event_id = ?4
            ON CONFLICT (aggregate, id) DO UPDATE SET
                version = excluded.version, event_id = excluded.event_id, shape = excluded.shape, state = excluded.state
            WHERE snapshots.version <= excluded.version OR snapshots.shape <> excluded.shape OR NOT EXISTS (
                SELECT 1 FROM events e
                WHERE e.aggregate = snapshots.aggregate AND e.id = snapshots.id
                    AND e.version = snapshots.version AND e.event_id = snapshots.event_id)
            """);
        Span<byte> id = stackalloc byte[16];
        snapshot.EventId.TryWriteBytes(id, bigEndian: true, out _);
        insert.Bind(1, snapshot.Stream.Aggregate).Bind(2, snapshot.Stream.Id).Bind(3, snapshot.Version)
            .BindBlob(4, id).Bind(5, snapshot.Shape).BindText(6, snapshot.State.Span);
        insert.Step();
        return connection.Changes > 0;
    }

    /// <summary>Whether just this snapshot is there.</summary>
    public static bool Holds(Connection connection, Snapshot snapshot) =>
        Find(connection, snapshot.Stream, snapshot.Shape) is { } found
        && found.Version == snapshot.Version
        && found.EventId == snapshot.EventId
        && found.State.Span.SequenceEqual(snapshot.State.Span);
}
