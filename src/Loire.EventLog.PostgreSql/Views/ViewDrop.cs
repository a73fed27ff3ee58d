using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Removes a view.</summary>
internal static class ViewDrop
{
    /// <summary>Removes the table with its indexes, and its checkpoints, in one transaction.</summary>
    public static async Task<bool> CarryOut(NpgsqlConnection connection, ViewSchema schema)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"DROP TABLE IF EXISTS {ViewTable.Name(schema)}"),
                new NpgsqlBatchCommand("DELETE FROM loire.views WHERE name = $1")
                {
                    Parameters = { Parameters.OfText(schema.StoreName) },
                },
                new NpgsqlBatchCommand(
                    "DELETE FROM loire.checkpoints WHERE subscription = $1 OR (subscription > $1 || '/' AND subscription < $1 || '0')")
                {
                    Parameters = { Parameters.OfText(schema.StoreName) },
                },
            },
        };
        await batch.ExecuteNonQueryAsync();
        return true;
    }
}
