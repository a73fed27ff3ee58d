using System.Text;

namespace Loire.EventLog.Sqlite;

/// <summary>Reads a page of the log.</summary>
internal static class LogReader
{
    public static LogPage Read(Connection connection, long after, LogFilter filter, int limit)
    {
        var head = connection.Number("SELECT max(position) FROM events") ?? 0;
        using var query = connection.Prepare(Sql(filter));
        Bind(query, after, filter, limit);
        var events = EventTable.ReadAll(query);
        var through = events.Count == limit ? events[^1].Position : Math.Max(after, head);
        return new LogPage(events, through, head);
    }

    private static string Sql(LogFilter filter)
    {
        var sql = new StringBuilder($"SELECT {EventTable.Columns} FROM events WHERE position > ?");

        // The log is read in order, page by page. An index serves only a single value: for several SQLite would collect
        // and sort all that match before it gives the first; the '+' keeps it from that.
        var typeIndex = filter is { Types.Count: 1, CorrelationId: null };
        AddIn(sql, typeIndex ? "type" : "+type", filter.Types.Count);
        AddIn(sql, "+aggregate", filter.Aggregates.Count);
        AddIn(sql, "partition", filter.Partitions.Count);
        sql.Append(filter.Since is null ? "" : " AND occurred_at >= ?");
        sql.Append(filter.Until is null ? "" : " AND occurred_at < ?");
        sql.Append(filter.CorrelationId is null ? "" : " AND correlation_id = ?");
        return sql.Append(" ORDER BY position LIMIT ?").ToString();
    }

    private static void AddIn(StringBuilder sql, string column, int values)
    {
        switch (values)
        {
            case 0:
                break;
            case 1:
                sql.Append($" AND {column} = ?");
                break;
            default:
                sql.Append($" AND {column} IN (").AppendJoin(',', Enumerable.Repeat('?', values)).Append(')');
                break;
        }
    }

    private static void Bind(Statement query, long after, LogFilter filter, int limit)
    {
        var index = 0;
        query.Bind(++index, after);
        foreach (var text in filter.Types.Concat(filter.Aggregates))
        {
            query.Bind(++index, text);
        }

        foreach (var partition in filter.Partitions)
        {
            query.Bind(++index, (long)partition);
        }

        if (filter.Since is { } since)
        {
            query.Bind(++index, Microseconds.NotBefore(since));
        }

        if (filter.Until is { } until)
        {
            query.Bind(++index, Microseconds.NotBefore(until));
        }

        if (filter.CorrelationId is { } correlation)
        {
            query.Bind(++index, correlation);
        }

        query.Bind(++index, (long)limit);
    }
}
