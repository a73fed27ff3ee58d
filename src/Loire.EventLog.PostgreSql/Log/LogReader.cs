using System.Text;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Reads a page of the log.</summary>
internal static class LogReader
{
    private const string HeadQuery = "SELECT coalesce(max(position), 0) FROM loire.events";

    public static async Task<long> Head(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(HeadQuery, connection);
        return (long)(await query.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task<LogPage> Read(
        NpgsqlConnection connection, long after, LogFilter filter, int limit, CancellationToken cancellation)
    {
        var (sql, parameters) = Query(after, filter, limit);
        await using var reading = new ConsistentRead(connection).Query(HeadQuery, []).Query(sql, parameters);
        await using var rows = await reading.Open(cancellation);
        await rows.ReadAsync(cancellation);
        var head = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        var events = await EventRow.ReadAll(rows, cancellation);
        var through = events.Count == limit ? events[^1].Position : Math.Max(after, head);
        return new LogPage(events, through, head);
    }

    private static (string Sql, List<NpgsqlParameter> Parameters) Query(long after, LogFilter filter, int limit)
    {
        var sql = new StringBuilder($"SELECT {EventRow.Columns} FROM loire.events WHERE position > $1");
        List<NpgsqlParameter> parameters = [Parameters.Of(after)];
        Add(" AND type = ANY($", ")", filter.Types.Count > 0 ? Parameters.OfTexts(filter.Types) : null);
        Add(" AND aggregate = ANY($", ")", filter.Aggregates.Count > 0 ? Parameters.OfTexts(filter.Aggregates) : null);
        Add(" AND partition = ANY($", ")", filter.Partitions.Count > 0 ? Parameters.Of(filter.Partitions.Select(p => (short)p).ToArray()) : null);
        Add(" AND occurred_at >= $", "", filter.Since is { } since ? Parameters.Of(Parameters.RoundedUp(since)) : null);
        Add(" AND occurred_at < $", "", filter.Until is { } until ? Parameters.Of(Parameters.RoundedUp(until)) : null);
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
