using Loire.EventLog.Views;
using Npgsql;
using NpgsqlTypes;

namespace Loire.EventLog.PostgreSql;

/// <summary>A move of a checkpoint with the changes that go with it: one round trip, one transaction.</summary>
internal sealed class ViewCommit(CheckpointMove move, IReadOnlyList<DocumentChange> changes)
{
    // By it we know our own move again when its reply was lost.
    private readonly Guid id = Guid.CreateVersion7();

    // Of several changes to a document the last one counts. All writers take the documents in the same order, so that two
    // never wait for each other.
    private readonly List<IGrouping<string, DocumentChange>> views =
    [
        .. changes.GroupBy(change => (change.View.StoreName, change.Id)).Select(same => same.Last())
            .OrderBy(change => change.Id, StringComparer.Ordinal)
            .GroupBy(change => ViewTable.Name(change.View)).OrderBy(view => view.Key, StringComparer.Ordinal),
    ];

    /// <returns>Whether the checkpoint was where it should be.</returns>
    public async Task<bool> CarryOut(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Checkpoints.Move(move, id));
        foreach (var view in views)
        {
            Add(batch, Puts(view.Key, [.. view.OfType<DocumentChange.Put>()]));
            Add(batch, Deletes(view.Key, [.. view.OfType<DocumentChange.Delete>()]));
        }

        try
        {
            await batch.ExecuteNonQueryAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState is Checkpoints.Elsewhere or Checkpoints.MovedBefore)
        {
            return e.SqlState == Checkpoints.MovedBefore;
        }
    }

    private static void Add(NpgsqlBatch batch, NpgsqlBatchCommand? command)
    {
        if (command is not null)
        {
            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlBatchCommand? Puts(string table, List<DocumentChange.Put> puts) => puts.Count == 0 ? null :
        new($"INSERT INTO {table} (id, doc) SELECT * FROM unnest($1, $2) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc")
        {
            Parameters =
            {
                Parameters.OfTexts(puts.Select(put => put.Id)),
                new NpgsqlParameter
                {
                    Value = puts.Select(put => StrictUtf8.Encoding.GetString(put.Json.Span)).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json,
                },
            },
        };

    private static NpgsqlBatchCommand? Deletes(string table, List<DocumentChange.Delete> deletes) => deletes.Count == 0 ? null :
        new($"DELETE FROM {table} WHERE id = ANY($1)")
        {
            Parameters = { Parameters.OfTexts(deletes.Select(delete => delete.Id)) },
        };
}
