using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>
/// The table of a view: the documents, and for each declared field a column that SQLite computes from the document, with
/// an index if the field asks for one.
/// </summary>
internal static class ViewTable
{
    /// <summary>The table's name, quoted.</summary>
    public static string Name(ViewSchema schema) => Quote($"view:{schema.StoreName}");

    /// <summary>A field's column, quoted.</summary>
    public static string Column(ViewField field) => Quote(ColumnName(field));

    public static bool Exists(Connection connection, ViewSchema schema) => Present(connection, schema).Count > 0;

    /// <summary>The statements that make what is not there yet: the table, columns, indexes.</summary>
    public static IReadOnlyList<string> Missing(Connection connection, ViewSchema schema)
    {
        var table = Name(schema);
        var present = Present(connection, schema);
        List<string> statements = [];
        Require($"view:{schema.StoreName}", $"CREATE TABLE {table} (id TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID");
        foreach (var field in schema.Fields)
        {
            Require(ColumnName(field), $"ALTER TABLE {table} ADD COLUMN {Column(field)} AS ({Value(field)}) VIRTUAL");
        }

        foreach (var field in schema.Fields.Where(field => field.Indexed))
        {
            var former = $"index:{schema.StoreName}:{field.Name}";
            if (IsText(field) && present.Contains(former))
            {
                statements.Add($"DROP INDEX {Quote(former)}");
            }

            var index = IsText(field) ? $"key:{schema.StoreName}:{field.Name}" : former;
            Require(index, $"CREATE INDEX {Quote(index)} ON {table} ({Column(field)}, id)");
        }

        statements.AddRange(SearchTable.Missing(connection, schema));
        return statements;

        void Require(string name, string statement)
        {
            if (!present.Contains(name))
            {
                statements.Add(statement);
            }
        }
    }

    // The names of the view's table, indexes and columns.
    private static HashSet<string> Present(Connection connection, ViewSchema schema)
    {
        using var query = connection.Prepare(
            "SELECT name FROM sqlite_master WHERE tbl_name = ?1 UNION ALL SELECT name FROM pragma_table_xinfo(?1)");
        query.Bind(1, $"view:{schema.StoreName}");
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        while (query.Step())
        {
            names.Add(query.Text(0));
        }

        return names;
    }

    // A prefix, so that a field called "id" or "doc" has its own column. "f:" used to be whole texts, too.
    private static string ColumnName(ViewField field) => $"{(IsText(field) ? "k" : "f")}:{field.Name}";

    // Of text, the TextKey. Fewer bytes than it may have characters are no more characters either.
    private static string Value(ViewField field)
    {
        var path = $"$.\"{field.Name}\"".Replace("'", "''");
        var value = $"json_extract(doc, '{path}')";
        return IsText(field)
            ? $"CASE WHEN length(CAST({value} AS BLOB)) <= {TextKey.Length} THEN {value} ELSE substr({value}, 1, {TextKey.Length}) END"
            : value;
    }

    private static bool IsText(ViewField field) => field.Kind is ViewFieldKind.Text or ViewFieldKind.Time;

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"")}\"";
}
