namespace Loire.EventLog.Sqlite;

/// <summary>The table <c>events</c>, row by row.</summary>
internal static class EventTable
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns =
        "position, event_id, aggregate, id, version, type, schema_version, occurred_at, data, "
        + "user_id, correlation_id, causation_id, trace_parent, tenant";

    private const string InsertRow =
        $"INSERT INTO events ({Columns}, partition) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

    /// <summary>Writes events at the positions after <paramref name="position"/>.</summary>
    public static void Insert(Connection connection, AppendRequest request, long position)
    {
        using var insert = connection.Prepare(InsertRow);
        var version = request.ExpectedVersion;
        insert.Bind(3, request.Stream.Aggregate).Bind(4, request.Stream.Id).Bind(15, request.Stream.Partition);
        foreach (var e in request.Events)
        {
            insert.Bind(1, ++position).Bind(5, ++version);
            Bind(insert, e);
            insert.Run();
        }
    }

    /// <summary>The end of a stream.</summary>
    public static StreamTail Tail(Connection connection, StreamName stream)
    {
        using var query = connection.Prepare(
            "SELECT version, event_id FROM events WHERE aggregate = ?1 AND id = ?2 ORDER BY version DESC LIMIT 1");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id);
        return query.Step() ? new StreamTail(query.Int64(0), new Guid(query.Bytes(1), bigEndian: true)) : default;
    }

    /// <summary>The version of a stream; 0 when it does not exist.</summary>
    public static long Version(Connection connection, StreamName stream)
    {
        using var query = connection.Prepare("SELECT max(version) FROM events WHERE aggregate = ?1 AND id = ?2");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Step();
        return query.Int64(0);
    }

    /// <summary>The position of an event; 0 when it does not exist.</summary>
    public static long Position(Connection connection, StreamName stream, long version)
    {
        using var query = connection.Prepare(
            "SELECT position FROM events WHERE aggregate = ?1 AND id = ?2 AND version = ?3");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, version);
        return query.Step() ? query.Int64(0) : 0;
    }

    /// <summary>Whether the event at a version of a stream is the one with this id.</summary>
    public static bool Holds(Connection connection, StreamName stream, long version, Guid eventId)
    {
        using var query = connection.Prepare(
            "SELECT event_id FROM events WHERE aggregate = ?1 AND id = ?2 AND version = ?3");
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, version);
        return query.Step() && new Guid(query.Bytes(0), bigEndian: true) == eventId;
    }

    /// <summary>All rows that a query of <see cref="Columns"/> gives.</summary>
    public static List<RecordedEvent> ReadAll(Statement query)
    {
        List<RecordedEvent> events = [];
        var names = new RepeatedNames();
        while (query.Step())
        {
            events.Add(Read(query, names));
        }

        return events;
    }

    private static void Bind(Statement insert, NewEvent e)
    {
        Span<byte> id = stackalloc byte[16];
        e.EventId.TryWriteBytes(id, bigEndian: true, out _);
        insert.BindBlob(2, id)
            .Bind(6, e.Type).Bind(7, e.SchemaVersion).Bind(8, Microseconds.From(e.OccurredAt)).BindText(9, e.Data.Span);
        insert.Bind(10, e.Metadata.UserId).Bind(11, e.Metadata.CorrelationId).Bind(12, e.Metadata.CausationId)
            .Bind(13, e.Metadata.TraceParent).Bind(14, e.Metadata.Tenant);
    }

    private static RecordedEvent Read(Statement row, RepeatedNames names) =>
        new(
            row.Int64(0),
            new Guid(row.Bytes(1), bigEndian: true),
            new StreamName(names.Text(row.Bytes(2)), row.Text(3)),
            row.Int64(4),
            names.Text(row.Bytes(5)),
            (int)row.Int64(6),
            Microseconds.ToInstant(row.Int64(7)),
            row.Bytes(8).ToArray(),
            ReadMetadata(row));

    private static EventMetadata ReadMetadata(Statement row) =>
        new(row.TextOrNull(9), row.TextOrNull(10), row.TextOrNull(11), row.TextOrNull(12), row.TextOrNull(13));
}
