using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Reads documents of a view.</summary>
internal static class ViewReader
{
    public static async Task<ViewDocument?> Find(
        NpgsqlConnection connection, ViewSchema schema, string id, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand($"SELECT id, doc FROM {ViewTable.Name(schema)} WHERE id = $1", connection);
        query.Parameters.Add(Parameters.OfText(id));
        await using var rows = await query.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? Document(rows) : null;
    }

    public static async Task<List<ViewDocument>> FindBy(
        NpgsqlConnection connection, ViewSchema schema, ViewField field, object value, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(
            $"SELECT id, doc FROM {ViewTable.Name(schema)} WHERE {ViewTable.Key(field)} = $1 ORDER BY id", connection);
        query.Parameters.Add(ViewSql.Value(value));
        await using var rows = await query.ExecuteReaderAsync(cancellation);
        List<ViewDocument> documents = [];
        while (await rows.ReadAsync(cancellation))
        {
            documents.Add(Document(rows));
        }

        return documents;
    }

    public static async Task<ViewPage> Page(
        NpgsqlConnection connection, ViewSchema schema, ViewQuery query, ViewCursor? cursor, CancellationToken cancellation)
    {
        var sql = ViewSql.Matching(schema, query);
        await using var reading = new ConsistentRead(connection).Query(Checkpoints.Lowest, [Parameters.OfText(schema.StoreName)]);
        if (query.CountTotal)
        {
            reading.Query($"SELECT count(*) FROM {ViewTable.Name(schema)}{sql.Where}", sql.NewParameters());
        }

        if (cursor is not null)
        {
            sql.After(cursor, query);
        }

        // A text of its own has a plan of its own, which is kept.
        var inOrder = ViewSql.IsInOrder(schema, query) ? " /* in order */" : "";
        if (inOrder.Length > 0)
        {
            reading.Query("SET LOCAL enable_sort = off", []);
        }

        // One more than asked for tells whether there is another page.
        var sort = query.Sort is null ? "NULL" : $"{ViewTable.Key(query.Sort)}::text AS place";
        reading.Query(
            $"SELECT id, doc, {sort} FROM {ViewTable.Name(schema)}{sql.Where}{ViewSql.Order(query)} LIMIT {query.Limit + 1}{inOrder}",
            sql.NewParameters());
        await using var rows = await reading.Open(cancellation);
        var position = await Number(rows, cancellation);
        long? total = query.CountTotal ? await Number(rows, cancellation) : null;
        var (items, next) = await Items(rows, schema, query, cancellation);
        return new ViewPage(items, total, next, position);
    }

    private static async Task<long> Number(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        await rows.ReadAsync(cancellation);
        var number = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        return number;
    }

    private static async Task<(List<ViewDocument> Items, string? Next)> Items(
        NpgsqlDataReader rows, ViewSchema schema, ViewQuery query, CancellationToken cancellation)
    {
        List<ViewDocument> items = [];
        ViewCursor? last = null;
        while (await rows.ReadAsync(cancellation))
        {
            if (items.Count == query.Limit)
            {
                return (items, last!.Encode(schema, query));
            }

            items.Add(Document(rows));
            last = items.Count == query.Limit ? new ViewCursor(rows.IsDBNull(2) ? null : rows.GetString(2), items[^1].Id) : null;
        }

        return (items, null);
    }

    private static ViewDocument Document(NpgsqlDataReader row) =>
        new(StoredText.To(row.GetString(0)), row.GetFieldValue<byte[]>(1));
}
