using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>The table <c>receipts</c>. What was appended is read from the log: a receipt needs only to know how many events.</summary>
internal static class Receipts
{
    private const string Query =
        """
        SELECT r.fingerprint, r.version, r.position, e.ids, e.types
        FROM loire.receipts r
        CROSS JOIN LATERAL (
            SELECT array_agg(e.event_id ORDER BY e.version) AS ids, array_agg(e.type ORDER BY e.version) AS types
            FROM loire.events e
            WHERE e.aggregate = r.aggregate AND e.id = r.id AND e.version > r.version - r.events AND e.version <= r.version) e
        WHERE r.aggregate = $1 AND r.id = $2 AND r.key = $3 AND (r.expires_at IS NULL OR r.expires_at > $4)
        """;

    /// <summary>What an earlier append with the same key came to; <see langword="null"/> when there is none or it has expired.</summary>
    public static async Task<AppendResult?> Find(
        NpgsqlConnection connection, StreamName stream, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(Query, connection);
        query.Parameters.Bind([
            Parameters.OfText(stream.Aggregate), Parameters.OfText(stream.Id), Parameters.OfText(key.Value),
            Parameters.Of(Parameters.Instant(now)),
        ]);
        await using var row = await query.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        return row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(key.Fingerprint.Span)
            ? new AppendResult.Appended(Read(row, stream, 1), Replayed: true)
            : AppendResult.KeyReused.Instance;
    }

    /// <summary>A receipt whose version, position, event ids and types begin at a column.</summary>
    public static Receipt Read(NpgsqlDataReader row, StreamName stream, int column)
    {
        var version = row.GetInt64(column);
        if (row.IsDBNull(column + 2))
        {
            return new Receipt(stream, version, row.GetInt64(column + 1), []);
        }

        var ids = row.GetFieldValue<Guid[]>(column + 2);
        var types = row.GetFieldValue<string[]>(column + 3);
        var events = ids.Select((id, n) => new ReceiptEvent(id, StoredText.To(types[n]), version - ids.Length + n + 1));
        return new Receipt(stream, version, row.GetInt64(column + 1), [.. events]);
    }

    /// <summary>Removes expired receipts, at most so many.</summary>
    /// <returns>How many were removed.</returns>
    public static async Task<int> Purge(NpgsqlConnection connection, DateTimeOffset now, int limit)
    {
        // What another process is just removing is left to it.
        await using var purge = new NpgsqlCommand(
            """
            DELETE FROM loire.receipts WHERE (aggregate, id, key) IN (
                SELECT aggregate, id, key FROM loire.receipts WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            connection);
        purge.Parameters.Bind([Parameters.Of(Parameters.Instant(now)), Parameters.Of(limit)]);
        return await purge.ExecuteNonQueryAsync();
    }
}
