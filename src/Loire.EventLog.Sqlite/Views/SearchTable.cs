using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>
/// What searches of a view go by, beside its documents and changed with them: a table with the words of each document, and
/// an FTS5 index over it. The words are ours, so the tokenizer has nothing to do but to tell them apart.
/// </summary>
internal static class SearchTable
{
    /// <summary>The statements that make or remove what is not as it should be. Tables that are made are empty, see <see cref="Fill"/>.</summary>
    public static IReadOnlyList<string> Missing(Connection connection, ViewSchema schema)
    {
        var made = MadeOf(connection, schema);
        if (made is not null && (made == Shape(schema) || made == Unfinished(schema)))
        {
            return [];
        }

        List<string> statements = [];
        if (made is not null)
        {
            statements.AddRange(Removal(schema));
        }

        if (schema.IsSearchable)
        {
            statements.AddRange(
            [
                $"CREATE TABLE {Words(schema)} (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, words TEXT NOT NULL)",
                $"CREATE VIRTUAL TABLE {Index(schema)} USING fts5 (words, content = {Words(schema)}, content_rowid = row, "
                + "tokenize = 'ascii', detail = none, columnsize = 0)",
                $"INSERT INTO searches VALUES ({Literal(schema.StoreName)}, {Literal(Unfinished(schema))})",
            ]);
        }

        return statements;
    }

    /// <summary>Removes the tables, if they are there.</summary>
    public static void Remove(Connection connection, ViewSchema schema)
    {
        foreach (var statement in MadeOf(connection, schema) is null ? [] : Removal(schema))
        {
            connection.Execute(statement);
        }
    }

    /// <summary>Takes in some documents that were there before the tables were.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="schema">The view.</param>
    /// <param name="after">The document to go on after; empty at first.</param>
    /// <param name="limit">How many to take in.</param>
    /// <returns>The last one; <see langword="null"/> when there are no more, and the tables are said to be whole.</returns>
    public static string? Fill(Connection connection, ViewSchema schema, string after, int limit)
    {
        if (MadeOf(connection, schema) != Unfinished(schema))
        {
            return null;
        }

        List<ViewDocument> documents = [];
        using (var query = connection.Prepare(
            $"SELECT id, doc FROM {ViewTable.Name(schema)} WHERE id > ?1 ORDER BY id LIMIT ?2"))
        {
            query.Bind(1, after).Bind(2, (long)limit);
            while (query.Step())
            {
                documents.Add(new ViewDocument(query.Text(0), query.Bytes(1).ToArray()));
            }
        }

        foreach (var document in documents)
        {
            Put(connection, schema, document.Id, Line(DocumentFields.Of(schema, document.Id, document.Json)));
        }

        if (documents.Count > 0)
        {
            return documents[^1].Id;
        }

        using var whole = connection.Prepare("UPDATE searches SET made_of = ?2 WHERE view = ?1");
        whole.Bind(1, schema.StoreName).Bind(2, Shape(schema)).Run();
        return null;
    }

    /// <summary>Whether every document is taken in.</summary>
    public static bool IsWhole(Connection connection, ViewSchema schema) =>
        !schema.IsSearchable || MadeOf(connection, schema) == Shape(schema);

    /// <summary>The words of a document as they are kept; <see langword="null"/> when the view cannot be searched.</summary>
    /// <exception cref="InvalidOperationException">The document is not JSON.</exception>
    public static string? WordsOf(DocumentChange change) =>
        change is DocumentChange.Put put && put.View.IsSearchable ? Line(DocumentFields.Of(put)) : null;

    /// <summary>Puts a document's words in the place of those that it had.</summary>
    /// <remarks>
    /// With none but plain statements. Before one that SQLite may have to take back by itself, as an upsert, FTS5 writes out
    /// what it has gathered in memory: that made commits of new documents twice as long.
    /// </remarks>
    public static void Put(Connection connection, ViewSchema schema, string id, string words)
    {
        long row;
        if (Find(connection, schema, id) is not { } old)
        {
            using var add = connection.Prepare($"INSERT INTO {Words(schema)} (id, words) VALUES (?1, ?2)");
            add.Bind(1, id).Bind(2, words).Run();
            row = connection.LastRow;
        }
        else if (old.Words != words)
        {
            Forget(connection, schema, old);
            using var change = connection.Prepare($"UPDATE {Words(schema)} SET words = ?2 WHERE row = ?1");
            change.Bind(1, old.Row).Bind(2, words).Run();
            row = old.Row;
        }
        else
        {
            return;
        }

        using var index = connection.Prepare($"INSERT INTO {Index(schema)} (rowid, words) VALUES (?1, ?2)");
        index.Bind(1, row).Bind(2, words).Run();
    }

    public static void Delete(Connection connection, ViewSchema schema, string id)
    {
        if (schema.IsSearchable && Find(connection, schema, id) is { } old)
        {
            Forget(connection, schema, old);
            using var delete = connection.Prepare($"DELETE FROM {Words(schema)} WHERE row = ?1");
            delete.Bind(1, old.Row).Run();
        }
    }

    /// <summary>The condition that a document is found, with one parameter: an expression of <see cref="Expression"/>.</summary>
    public static string Condition(ViewSchema schema) =>
        $"id IN (SELECT w.id FROM {Index(schema)}(?) s CROSS JOIN {Words(schema)} w ON w.row = s.rowid)";

    /// <summary>What the index is asked for: documents with a word that begins with each of these.</summary>
    public static string Expression(IEnumerable<string> words) => string.Join(" AND ", words.Select(word => $"\"{word}\" *"));

    // FTS5 does not look up what it has to forget.
    private static void Forget(Connection connection, ViewSchema schema, (long Row, string Words) old)
    {
        var name = Index(schema);
        using var forget = connection.Prepare($"INSERT INTO {name} ({name}, rowid, words) VALUES ('delete', ?1, ?2)");
        forget.Bind(1, old.Row).Bind(2, old.Words).Run();
    }

    private static (long Row, string Words)? Find(Connection connection, ViewSchema schema, string id)
    {
        using var query = connection.Prepare($"SELECT row, words FROM {Words(schema)} WHERE id = ?1");
        return query.Bind(1, id).Step() ? (query.Int64(0), query.Text(1)) : null;
    }

    private static string? MadeOf(Connection connection, ViewSchema schema)
    {
        using var query = connection.Prepare("SELECT made_of FROM searches WHERE view = ?1");
        return query.Bind(1, schema.StoreName).Step() ? query.Text(0) : null;
    }

    private static string[] Removal(ViewSchema schema) =>
    [
        $"DROP TABLE {Index(schema)}",
        $"DROP TABLE {Words(schema)}",
        $"DELETE FROM searches WHERE view = {Literal(schema.StoreName)}",
    ];

    private static string Line(DocumentFields document) => string.Join(' ', document.Words);

    private static string Shape(ViewSchema schema) =>
        string.Join('\n', schema.Fields.Where(field => field.Searchable).Select(field => field.Name).Prepend($"{SearchWords.Rules}"));

    private static string Unfinished(ViewSchema schema) => $"unfinished {Shape(schema)}";

    private static string Words(ViewSchema schema) => Quote($"words:{schema.StoreName}");

    private static string Index(ViewSchema schema) => Quote($"search:{schema.StoreName}");

    private static string Quote(string identifier) => $"\"{identifier}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''")}'";
}
