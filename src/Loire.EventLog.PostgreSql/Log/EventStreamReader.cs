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
        await using var snapshot = new Snapshot(connection)
            .Query($"SELECT coalesce(max(version), 0) {OfStream}", Name(stream))
            .Query($"SELECT {EventRow.Columns} {OfStream} AND {part}", [.. Name(stream), Parameters.Of(from), Parameters.Of(limit)]);
        await using var rows = await snapshot.Open(cancellation);
        await rows.ReadAsync(cancellation);
        var version = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        var events = await EventRow.ReadAll(rows, cancellation);
        return new StreamPage(events, Next(events, forwards, version), version);
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
