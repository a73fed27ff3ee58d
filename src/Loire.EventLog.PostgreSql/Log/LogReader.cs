using System.Text;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Reads a page of the log.</summary>
internal static class LogReader
{
    private const string HeadQuery = "SELECT coalesce(max(position), 0) FROM loire.events";

    // Positions.
    private const int SmallestSpan = 1_000;
    private const int LargestSpan = 1_000_000;
    private const int SpanGrowth = 4;

    public static async Task<long> Head(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(HeadQuery, connection);
        return (long)(await query.ExecuteScalarAsync(cancellation))!;
    }

    /// <remarks>
    /// Without fresh statistics the server likes to collect all that matches, to the end of the log, and to sort it before it
    /// gives the first. So it is asked for a part of the log at a time, and for the first part no index but that of the
    /// positions will do. Where there is little in that part, larger ones follow, and any index.
    /// </remarks>
    public static async Task<LogPage> Read(
        NpgsqlConnection connection, long after, LogFilter filter, int limit, CancellationToken cancellation)
    {
        List<RecordedEvent> events = [];
        var (from, span) = (after, FirstSpan(filter, limit));
        while (true)
        {
            var until = span > long.MaxValue - from ? long.MaxValue : from + span;
            var (found, head) = await Read(connection, from, until, inOrder: from == after, filter, limit - events.Count, cancellation);
            events.AddRange(found);
            if (events.Count == limit)
            {
                return new LogPage(events, events[^1].Position, head);
            }

            if (until >= head)
            {
                return new LogPage(events, Math.Max(after, head), head);
            }

            (from, span) = (until, Math.Min(span * SpanGrowth, LargestSpan));
        }
    }

    // No position is missing, so a page of all events is as long as it has events. Few events have a correlation id in common.
    private static long FirstSpan(LogFilter filter, int limit) =>
        filter.CorrelationId is not null ? long.MaxValue
        : filter is { Types.Count: 0, Aggregates.Count: 0, Partitions.Count: 0, Since: null, Until: null } ? limit
        : Math.Max(SmallestSpan, (long)limit * SpanGrowth);

    private static async Task<(List<RecordedEvent> Events, long Head)> Read(
        NpgsqlConnection connection, long from, long until, bool inOrder, LogFilter filter, int limit, CancellationToken cancellation)
    {
        var (sql, parameters) = Query(from, until, inOrder, filter, limit);
        await using var reading = new ConsistentRead(connection).Query(HeadQuery, []).Query(sql, parameters);
        await using var rows = await reading.Open(cancellation);
        await rows.ReadAsync(cancellation);
        var head = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        return (await EventRow.ReadAll(rows, cancellation), head);
    }

    private static (string Sql, List<NpgsqlParameter> Parameters) Query(
        long from, long until, bool inOrder, LogFilter filter, int limit)
    {
        // Compares as the column's own collation does, but its index is of that one.
        var collate = inOrder ? " COLLATE \"POSIX\"" : "";
        var sql = new StringBuilder($"SELECT {EventRow.Columns} FROM loire.events WHERE position > $1 AND position <= $2");
        List<NpgsqlParameter> parameters = [Parameters.Of(from), Parameters.Of(until)];
        Add($" AND type{collate} = ANY($", ")", filter.Types.Count > 0 ? Parameters.OfTexts(filter.Types) : null);
        Add($" AND aggregate{collate} = ANY($", ")", filter.Aggregates.Count > 0 ? Parameters.OfTexts(filter.Aggregates) : null);
        Add(" AND partition = ANY($", ")", filter.Partitions.Count > 0 ? Parameters.Of(filter.Partitions.Select(p => (short)p).ToArray()) : null);
        Add(" AND occurred_at >= $", "", filter.Since is { } since ? Parameters.Of(Parameters.RoundedUp(since)) : null);
        Add(" AND occurred_at < $", "", filter.Until is { } before ? Parameters.Of(Parameters.RoundedUp(before)) : null);
        Add(" AND correlation_id = $", "", filter.CorrelationId is { } id ? Parameters.OfText(id) : null);
        Add(" ORDER BY position LIMIT $", "", Parameters.Of(limit));
        return (sql.ToString(), parameters);

        void Add(string before, string behind, NpgsqlParameter? parameter)
        {
            if (parameter is not null)
            {
                parameters.Add(parameter);
                sql.Append(before).Append(parameters.Count).Append(behind);
            }
        }
    }
}
