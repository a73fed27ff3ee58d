using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Reads documents of a view.</summary>
internal static class ViewReader
{
    public static ViewDocument? Find(Connection connection, ViewSchema schema, string id)
    {
        using var query = connection.Prepare($"SELECT id, doc FROM {ViewTable.Name(schema)} WHERE id = ?1");
        return query.Bind(1, id).Step() ? Document(query) : null;
    }

    public static List<ViewDocument> FindBy(Connection connection, ViewSchema schema, ViewField field, object value)
    {
        using var query = connection.Prepare(
            $"SELECT id, doc FROM {ViewTable.Name(schema)} WHERE {ViewTable.Column(field)} = ?1 ORDER BY id");
        FieldValue.Bind(query, 1, value);
        List<ViewDocument> documents = [];
        while (query.Step())
        {
            documents.Add(Document(query));
        }

        return documents;
    }

    public static ViewPage Page(Connection connection, ViewSchema schema, ViewQuery query, ViewCursor? cursor)
    {
        var sql = ViewSql.Matching(schema, query);
        long? total = query.CountTotal ? Count(connection, schema, sql) : null;
        if (cursor is not null)
        {
            sql.After(cursor, query);
        }

        var (items, next) = Items(connection, schema, query, sql);
        return new ViewPage(items, total, next, CheckpointTable.Lowest(connection, schema.StoreName));
    }

    private static long Count(Connection connection, ViewSchema schema, ViewSql sql)
    {
        using var count = connection.Prepare($"SELECT count(*) FROM {ViewTable.Name(schema)}{sql.Where}");
        sql.Bind(count);
        count.Step();
        return count.Int64(0);
    }

    private static (List<ViewDocument> Items, string? Next) Items(
        Connection connection, ViewSchema schema, ViewQuery query, ViewSql sql)
    {
        var sort = query.Sort is null ? "NULL" : ViewTable.Column(query.Sort);
        using var rows = connection.Prepare(
            $"SELECT id, doc, {sort} FROM {ViewTable.Name(schema)}{sql.Where}{ViewSql.Order(query)} LIMIT ?");

        // One more than asked for tells whether there is another page.
        rows.Bind(sql.Bind(rows), query.Limit + 1L);
        List<ViewDocument> items = [];
        ViewCursor? last = null;
        while (rows.Step())
        {
            if (items.Count == query.Limit)
            {
                return (items, last!.Encode(schema, query));
            }

            items.Add(Document(rows));
            last = items.Count == query.Limit ? new ViewCursor(FieldValue.Write(rows, 2), rows.Text(0)) : null;
        }

        return (items, null);
    }

    private static ViewDocument Document(Statement row) => new(row.Text(0), row.Bytes(1).ToArray());
}
