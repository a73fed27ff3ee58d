namespace Loire.EventLog.Sqlite;

/// <summary>The table <c>receipts</c>. What was appended is read from the log: a receipt needs only to know how many events.</summary>
internal static class ReceiptTable
{
    /// <summary>What an earlier append with the same key came to; <see langword="null"/> when there is none or it has expired.</summary>
    public static AppendResult? Find(Connection connection, StreamName stream, IdempotencyKey key, long now)
    {
        using var query = connection.Prepare(
            """
            SELECT fingerprint, version, position, events FROM receipts
            WHERE aggregate = ?1 AND id = ?2 AND key = ?3 AND (expires_at IS NULL OR expires_at > ?4)
            """);
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, key.Value).Bind(4, now);
        if (!query.Step())
        {
            return null;
        }

        if (!query.Bytes(0).SequenceEqual(key.Fingerprint.Span))
        {
            return AppendResult.KeyReused.Instance;
        }

        var version = query.Int64(1);
        var events = Events(connection, stream, version - query.Int64(3), version);
        return new AppendResult.Appended(new Receipt(stream, version, query.Int64(2), events), Replayed: true);
    }

    public static void Insert(Connection connection, IdempotencyKey key, Receipt receipt)
    {
        // An expired receipt that is still there gives way.
        using var insert = connection.Prepare("INSERT OR REPLACE INTO receipts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        insert.Bind(1, receipt.Stream.Aggregate).Bind(2, receipt.Stream.Id).Bind(3, key.Value)
            .BindBlob(4, key.Fingerprint.Span).Bind(5, receipt.Version).Bind(6, receipt.Position)
            .Bind(7, receipt.Events.Count)
            .Bind(8, key.ExpiresAt is { } expiry ? Microseconds.NotBefore(expiry) : null)
            .Run();
    }

    /// <summary>Removes expired receipts, at most so many.</summary>
    /// <returns>How many were removed.</returns>
    public static int Purge(Connection connection, long now, int limit)
    {
        using var purge = connection.Prepare(
            """
            DELETE FROM receipts WHERE (aggregate, id, key) IN
                (SELECT aggregate, id, key FROM receipts WHERE expires_at IS NOT NULL AND expires_at <= ?1 LIMIT ?2)
            """);
        purge.Bind(1, now).Bind(2, limit).Run();
        return connection.Changes;
    }

    private static List<ReceiptEvent> Events(Connection connection, StreamName stream, long after, long through)
    {
        using var query = connection.Prepare(
            """
            SELECT event_id, type, version FROM events
            WHERE aggregate = ?1 AND id = ?2 AND version > ?3 AND version <= ?4 ORDER BY version
            """);
        query.Bind(1, stream.Aggregate).Bind(2, stream.Id).Bind(3, after).Bind(4, through);
        List<ReceiptEvent> events = [];
        while (query.Step())
        {
            events.Add(new ReceiptEvent(new Guid(query.Bytes(0), bigEndian: true), query.Text(1), query.Int64(2)));
        }

        return events;
    }
}
