using Loire.EventLog.Views;
using Npgsql;
using NpgsqlTypes;

namespace Loire.EventLog.PostgreSql;

/// <summary>A move of a checkpoint with the changes that go with it: one round trip, one transaction.</summary>
internal sealed class ViewCommit(CheckpointMove move, IReadOnlyList<DocumentChange> changes)
{
    // By it we know our own move again when its reply was lost.
    private readonly Guid _id = Guid.CreateVersion7();

    // Of several changes to a document the last one counts. All writers take the documents in the same order, so that two
    // never wait for each other.
    private readonly List<IGrouping<string, DocumentChange>> _views =
    [
        .. changes.GroupBy(change => (change.View.StoreName, change.Id)).Select(same => same.Last())
            .OrderBy(change => change.Id, StringComparer.Ordinal)
            .GroupBy(change => change.View.StoreName).OrderBy(view => view.Key, StringComparer.Ordinal),
    ];

    /// <returns>Whether the checkpoint was where it should be.</returns>
    public async Task<bool> CarryOut(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var m in move.All)
        {
            batch.BatchCommands.Add(Checkpoints.Move(m, _id));
        }

        foreach (var view in _views)
        {
            AddPuts(batch, [.. view.OfType<DocumentChange.Put>()]);
            AddDeletes(batch, [.. view.OfType<DocumentChange.Delete>()]);
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

    private static void AddPuts(NpgsqlBatch batch, List<DocumentChange.Put> puts)
    {
        if (puts.Count == 0)
        {
            return;
        }

        var schema = puts[0].View;
        var beside = new ViewRows(schema, [.. puts.Select(DocumentFields.Of)]);
        var arrays = string.Join(", ", Enumerable.Range(3, beside.Count).Select(n => $"${n}"));
        var columns = $"doc, {beside.Columns}";
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            INSERT INTO {ViewTable.Name(schema)} (id, {columns})
            SELECT u.id, u.doc, {beside.Values} FROM unnest($1, $2, {arrays}) AS u (id, doc, {beside.Names})
            ON CONFLICT (id) DO UPDATE SET ({columns}) = ROW(excluded.doc, {beside.Excluded})
            """));
        batch.BatchCommands[^1].Parameters.Bind(
        [
            Parameters.OfTexts(puts.Select(put => put.Id)),
            new NpgsqlParameter
            {
                Value = puts.Select(put => StrictUtf8.Encoding.GetString(put.Json.Span)).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json,
            },
            .. beside.Parameters(),
        ]);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT loire.expect_shape($1, $2)"));
        batch.BatchCommands[^1].Parameters.Bind([Parameters.OfText(schema.StoreName), Parameters.Of(ViewTable.Shape(schema))]);
    }

    private static void AddDeletes(NpgsqlBatch batch, List<DocumentChange.Delete> deletes)
    {
        if (deletes.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"DELETE FROM {ViewTable.Name(deletes[0].View)} WHERE id = ANY($1)"));
            batch.BatchCommands[^1].Parameters.Add(Parameters.OfTexts(deletes.Select(delete => delete.Id)));
        }
    }
}
