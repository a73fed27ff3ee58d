using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>A row of the table <c>events</c>.</summary>
internal static class EventRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns =
        "position, event_id, aggregate, id, version, type, schema_version, occurred_at, data, "
        + "user_id, correlation_id, causation_id, trace_parent, tenant";

    /// <summary>All rows of the current result.</summary>
    public static async Task<List<RecordedEvent>> ReadAll(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        List<RecordedEvent> events = [];
        while (await rows.ReadAsync(cancellation))
        {
            events.Add(Read(rows));
        }

        return events;
    }

    private static RecordedEvent Read(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetGuid(1),
            new StreamName(Text(row, 2), Text(row, 3)),
            row.GetInt64(4),
            Text(row, 5),
            row.GetInt32(6),
            new DateTimeOffset(row.GetDateTime(7)),
            StoredText.ToUtf8(row.GetFieldValue<byte[]>(8)),
            ReadMetadata(row));

    private static EventMetadata ReadMetadata(NpgsqlDataReader row) =>
        new(TextOrNull(row, 9), TextOrNull(row, 10), TextOrNull(row, 11), TextOrNull(row, 12), TextOrNull(row, 13));

    private static string Text(NpgsqlDataReader row, int column) => StoredText.To(row.GetString(column));

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Text(row, column);
}
