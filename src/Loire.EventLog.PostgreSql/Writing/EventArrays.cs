using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Events as an array for each column.</summary>
internal sealed class EventArrays(int size)
{
    private readonly int[] _appends = new int[size];
    private readonly int[] _places = new int[size];
    private readonly Guid[] _ids = new Guid[size];
    private readonly string[] _types = new string[size];
    private readonly int[] _schemaVersions = new int[size];
    private readonly DateTime[] _times = new DateTime[size];
    private readonly string[] _data = new string[size];
    private readonly string?[] _userIds = new string?[size];
    private readonly string?[] _correlationIds = new string?[size];
    private readonly string?[] _causationIds = new string?[size];
    private readonly string?[] _traceParents = new string?[size];
    private readonly string?[] _tenants = new string?[size];
    private int _count;

    public void Add(int append, IReadOnlyList<NewEvent> events)
    {
        for (var place = 1; place <= events.Count; place++, _count++)
        {
            (_appends[_count], _places[_count]) = (append, place);
            Add(events[place - 1]);
        }
    }

    public IEnumerable<NpgsqlParameter> Parameters() =>
    [
        PostgreSql.Parameters.Of(_appends), PostgreSql.Parameters.Of(_places), PostgreSql.Parameters.Of(_ids),
        PostgreSql.Parameters.Of(_types), PostgreSql.Parameters.Of(_schemaVersions), PostgreSql.Parameters.Of(_times),
        PostgreSql.Parameters.Of(_data), PostgreSql.Parameters.Of(_userIds), PostgreSql.Parameters.Of(_correlationIds),
        PostgreSql.Parameters.Of(_causationIds), PostgreSql.Parameters.Of(_traceParents), PostgreSql.Parameters.Of(_tenants),
    ];

    private void Add(NewEvent e)
    {
        _ids[_count] = e.EventId;
        _types[_count] = StoredText.From(e.Type);
        _schemaVersions[_count] = e.SchemaVersion;
        _times[_count] = PostgreSql.Parameters.Instant(e.OccurredAt);
        _data[_count] = StoredText.From(e.Data.Span);
        _userIds[_count] = StoredText.FromNullable(e.Metadata.UserId);
        _correlationIds[_count] = StoredText.FromNullable(e.Metadata.CorrelationId);
        _causationIds[_count] = StoredText.FromNullable(e.Metadata.CausationId);
        _traceParents[_count] = StoredText.FromNullable(e.Metadata.TraceParent);
        _tenants[_count] = StoredText.FromNullable(e.Metadata.Tenant);
    }
}
