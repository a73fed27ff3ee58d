using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Events as an array for each column.</summary>
internal sealed class EventArrays(int size)
{
    private readonly int[] appends = new int[size];
    private readonly int[] places = new int[size];
    private readonly Guid[] ids = new Guid[size];
    private readonly string[] types = new string[size];
    private readonly int[] schemaVersions = new int[size];
    private readonly DateTime[] times = new DateTime[size];
    private readonly string[] data = new string[size];
    private readonly string?[] userIds = new string?[size];
    private readonly string?[] correlationIds = new string?[size];
    private readonly string?[] causationIds = new string?[size];
    private readonly string?[] traceParents = new string?[size];
    private readonly string?[] tenants = new string?[size];
    private int count;

    public void Add(int append, IReadOnlyList<NewEvent> events)
    {
        for (var place = 1; place <= events.Count; place++, count++)
        {
            (appends[count], places[count]) = (append, place);
            Add(events[place - 1]);
        }
    }

    public IEnumerable<NpgsqlParameter> Parameters() =>
    [
        PostgreSql.Parameters.Of(appends), PostgreSql.Parameters.Of(places), PostgreSql.Parameters.Of(ids),
        PostgreSql.Parameters.Of(types), PostgreSql.Parameters.Of(schemaVersions), PostgreSql.Parameters.Of(times),
        PostgreSql.Parameters.Of(data), PostgreSql.Parameters.Of(userIds), PostgreSql.Parameters.Of(correlationIds),
        PostgreSql.Parameters.Of(causationIds), PostgreSql.Parameters.Of(traceParents), PostgreSql.Parameters.Of(tenants),
    ];

    private void Add(NewEvent e)
    {
        ids[count] = e.EventId;
        types[count] = StoredText.From(e.Type);
        schemaVersions[count] = e.SchemaVersion;
        times[count] = PostgreSql.Parameters.Instant(e.OccurredAt);
        data[count] = StoredText.From(e.Data.Span);
        userIds[count] = StoredText.FromNullable(e.Metadata.UserId);
        correlationIds[count] = StoredText.FromNullable(e.Metadata.CorrelationId);
        causationIds[count] = StoredText.FromNullable(e.Metadata.CausationId);
        traceParents[count] = StoredText.FromNullable(e.Metadata.TraceParent);
        tenants[count] = StoredText.FromNullable(e.Metadata.Tenant);
    }
}
