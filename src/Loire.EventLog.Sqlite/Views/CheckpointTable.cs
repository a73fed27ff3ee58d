namespace Loire.EventLog.Sqlite;

/// <summary>The table <c>checkpoints</c>.</summary>
internal static class CheckpointTable
{
    /// <summary>How far a partition of a subscription has come; 0 when it has not begun.</summary>
    public static long Read(Connection connection, string subscription, int partition)
    {
        using var query = connection.Prepare("SELECT position FROM checkpoints WHERE subscription = ?1 AND partition = ?2");
        query.Bind(1, subscription).Bind(2, (long)partition);
        return query.Step() ? query.Int64(0) : 0;
    }

    /// <summary>How far all partitions of a subscription have come that have begun; 0 when none has.</summary>
    public static long Lowest(Connection connection, string subscription)
    {
        using var query = connection.Prepare("SELECT min(position) FROM checkpoints WHERE subscription = ?1");
        query.Bind(1, subscription).Step();
        return query.Int64(0);
    }

    /// <summary>The last moves of all partitions of a subscription.</summary>
    public static string Stamp(Connection connection, string subscription)
    {
        using var query = connection.Prepare(
            "SELECT group_concat(partition || ':' || move) FROM (SELECT * FROM checkpoints WHERE subscription = ?1 ORDER BY partition)");
        query.Bind(1, subscription).Step();
        return query.TextOrNull(0) ?? "";
    }

    /// <summary>Forgets how far the partitions of a subscription have come, and what is kept under its name and a slash.</summary>
    public static void Remove(Connection connection, string subscription)
    {
        // The character after the slash is the zero.
        using var delete = connection.Prepare(
            "DELETE FROM checkpoints WHERE subscription = ?1 OR (subscription > ?1 || '/' AND subscription < ?1 || '0')");
        delete.Bind(1, subscription).Run();
    }

    public static void Write(Connection connection, string subscription, int partition, long position)
    {
        using var write = connection.Prepare("INSERT OR REPLACE INTO checkpoints VALUES (?1, ?2, ?3, random())");
        write.Bind(1, subscription).Bind(2, (long)partition).Bind(3, position).Run();
    }
}
