using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Reads a part of a stream.</summary>
internal static class EventStreamReader
{
    private const string OfStream = "FROM loire.events WHERE aggregate = $1 AND id = $2";

    public static async Task<List<RecordedEvent>> After(
        NpgsqlConnection connection, StreamName stream, long version, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(
            $"SELECT {EventRow.Columns} {OfStream} AND version > $3 ORDER BY version", connection);
        query.Parameters.Bind([.. Name(stream), Parameters.Of(version)]);
        await using var rows = await query.ExecuteReaderAsync(cancellation);
        return await EventRow.ReadAll(rows, cancellation);
    }

    public static async Task<StreamPage> Page(
        NpgsqlConnection connection,
        StreamName stream,
        long from,
        int limit,
        ReadDirection direction,
        CancellationToken cancellation)
    {
        var forwards = direction == ReadDirection.Forwards;
        var part = forwards ? "version >= $3 ORDER BY version LIMIT $4" : "version <= $3 ORDER BY version DESC LIMIT $4";
        await using var reading = new ConsistentRead(connection)
            .Query($"SELECT coalesce(max(version), 0) {OfStream}", Name(stream))
            .Query($"SELECT {EventRow.Columns} {OfStream} AND {part}", [.. Name(stream), Parameters.Of(from), Parameters.Of(limit)]);
        await using var rows = await reading.Open(cancellation);
        await rows.ReadAsync(cancellation);
        var version = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        var events = await EventRow.ReadAll(rows, cancellation);
        return new StreamPage(events, Next(events, forwards, version), version);
    }

    /// <summary>The whole stream, from its snapshot of a shape on if that fits.</summary>
    public static async Task<LoadedStream> FromSnapshot(
        NpgsqlConnection connection, StreamName stream, string shape, CancellationToken cancellation)
    {
        var (found, events) = await WithSnapshot(connection, stream, shape, cancellation);
        return SnapshotFit.Of(found, events)
            ?? new LoadedStream(null, 0, await After(connection, stream, 0, cancellation), Misfit: found);
    }

    private static async Task<(Snapshot? Found, List<RecordedEvent> Events)> WithSnapshot(
        NpgsqlConnection connection, StreamName stream, string shape, CancellationToken cancellation)
    {
        await using var reading = new ConsistentRead(connection)
            .Query(Snapshots.OfShape, [.. Name(stream), Parameters.OfText(shape)])
            .Query(
                $"SELECT {EventRow.Columns} {OfStream} AND version >= ({Snapshots.VersionOfShape}) ORDER BY version",
                [.. Name(stream), Parameters.OfText(shape)]);
        await using var rows = await reading.Open(cancellation);
        var found = await rows.ReadAsync(cancellation) ? Snapshots.Read(rows, stream, shape) : null;
        await rows.NextResultAsync(cancellation);
        return (found, await EventRow.ReadAll(rows, cancellation));
    }

    private static NpgsqlParameter[] Name(StreamName stream) =>
        [Parameters.OfText(stream.Aggregate), Parameters.OfText(stream.Id)];

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
