using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>The table <c>snapshots</c>.</summary>
internal static class Snapshots
{
    /// <summary>The snapshot of a stream (<c>$1</c>, <c>$2</c>) if it has a shape (<c>$3</c>), as <see cref="Read"/> expects it.</summary>
    public const string OfShape =
        "SELECT version, event_id, state FROM loire.snapshots WHERE aggregate = $1 AND id = $2 AND shape = $3";

    /// <summary>Its version; 1 if there is none.</summary>
    public const string VersionOfShape =
        "SELECT coalesce((SELECT s.version FROM loire.snapshots s WHERE s.aggregate = $1 AND s.id = $2 AND s.shape = $3), 1)";

    // Committed events only are seen here, so that no snapshot is ahead of the log.
    private const string Write =
        """
        INSERT INTO loire.snapshots AS s (aggregate, id, version, event_id, shape, state)
        SELECT e.aggregate, e.id, e.version, e.event_id, $5, $6 FROM loire.events e
        WHERE e.aggregate = $1 AND e.id = $2 AND e.version = $3 AND e.event_id = $4
        ON CONFLICT (aggregate, id) DO UPDATE SET
            version = excluded.version, event_id = excluded.event_id, shape = excluded.shape, state = excluded.state
        WHERE s.version <= excluded.version OR s.shape <> excluded.shape OR NOT EXISTS (
            SELECT FROM loire.events e
            WHERE e.aggregate = s.aggregate AND e.id = s.id AND e.version = s.version AND e.event_id = s.event_id)
        """;

    public static Snapshot Read(NpgsqlDataReader row, StreamName stream, string shape) =>
        new(stream, row.GetInt64(0), row.GetGuid(1), shape, StoredText.ToUtf8(row.GetFieldValue<byte[]>(2)));

    /// <returns>Whether it was kept.</returns>
    public static async Task<bool> Save(NpgsqlConnection connection, Snapshot snapshot)
    {
        await using var command = new NpgsqlCommand(Write, connection);
        command.Parameters.Bind([
            Parameters.OfText(snapshot.Stream.Aggregate), Parameters.OfText(snapshot.Stream.Id), Parameters.Of(snapshot.Version),
            Parameters.Of(snapshot.EventId), Parameters.OfText(snapshot.Shape), Parameters.Of(StoredText.From(snapshot.State.Span)),
        ]);
        return await command.ExecuteNonQueryAsync() > 0;
    }
}
