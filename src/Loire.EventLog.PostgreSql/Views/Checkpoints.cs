using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>The table <c>checkpoints</c>.</summary>
internal static class Checkpoints
{
    /// <summary>How far all partitions of a subscription (<c>$1</c>) have come that have begun; 0 when none has.</summary>
    public const string Lowest = "SELECT coalesce(min(position), 0) FROM loire.checkpoints WHERE subscription = $1";

    // The states that loire.move_checkpoint fails with.
    public const string Elsewhere = "LO001";
    public const string MovedBefore = "LO002";

    /// <summary>How far a partition of a subscription has come; 0 when it has not begun.</summary>
    public static async Task<long> Read(
        NpgsqlConnection connection, string subscription, int partition, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(
            "SELECT position FROM loire.checkpoints WHERE subscription = $1 AND partition = $2", connection);
        query.Parameters.Bind([Parameters.OfText(subscription), Parameters.Of(partition)]);
        return await query.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    /// <summary>The last moves of all partitions of a subscription.</summary>
    public static async Task<string> Stamp(NpgsqlConnection connection, string subscription, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(
            "SELECT string_agg(partition || ':' || move, ',' ORDER BY partition) FROM loire.checkpoints WHERE subscription = $1", connection);
        query.Parameters.Add(Parameters.OfText(subscription));
        return await query.ExecuteScalarAsync(cancellation) as string ?? "";
    }

    /// <summary>Moves a checkpoint, or makes the whole transaction fail.</summary>
    public static NpgsqlBatchCommand Move(CheckpointMove move, Guid id) =>
        new("SELECT loire.move_checkpoint($1, $2, $3, $4, $5)")
        {
            Parameters =
            {
                Parameters.OfText(move.Subscription), Parameters.Of(move.Partition),
                Parameters.Of(move.From), Parameters.Of(move.To), Parameters.Of(id),
            },
        };
}
