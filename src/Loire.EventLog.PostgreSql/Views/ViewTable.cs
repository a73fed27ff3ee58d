using System.Security.Cryptography;
using System.Text;
using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// The table of a view: the documents, as JSON that comes back as it was written. Declared fields are computed from them;
/// those that ask for it have an index.
/// </summary>
internal static class ViewTable
{
    // PostgreSQL cuts longer names off.
    private const int MaxBytes = 63;

    // "LoiV": one process at a time makes tables.
    private const long Lock = 0x4c6f6956;

    /// <summary>The table's name, quoted, e.g. <c>loire."orders@1"</c>.</summary>
    public static string Name(ViewSchema schema) => $"loire.{Quote(Fitting(schema.StoreName))}";

    /// <summary>A field as it is compared and sorted. An index takes only so much of a text: the first 400 characters count.</summary>
    public static string Key(ViewField field) => field.Kind switch
    {
        ViewFieldKind.Number => $"loire.number_of(doc, {Literal(field.Name)})",
        ViewFieldKind.Boolean => $"loire.boolean_of(doc, {Literal(field.Name)})",
        _ => $"(left({Text(field)}, 400) COLLATE \"C\")",
    };

    /// <summary>A field as text, whole.</summary>
    public static string Text(ViewField field) => $"loire.text_of(doc, {Literal(field.Name)})";

    /// <summary>Makes what is not there yet: the table, its indexes.</summary>
    public static async Task<bool> Make(NpgsqlConnection connection, ViewSchema schema, int seconds)
    {
        var missing = await Missing(connection, schema);
        if (missing.Count == 0)
        {
            return true;
        }

        await using var transaction = await connection.BeginTransactionAsync();
        await Execute(connection, $"SET LOCAL lock_timeout = '{seconds}s'; SELECT pg_advisory_xact_lock({Lock})", seconds);
        foreach (var statement in await Missing(connection, schema))
        {
            await Execute(connection, statement, seconds);
        }

        await transaction.CommitAsync();
        return true;
    }

    private static async Task<List<string>> Missing(NpgsqlConnection connection, ViewSchema schema)
    {
        var statements = new Dictionary<string, string>
        {
            [Fitting(schema.StoreName)] =
                $"CREATE TABLE {Name(schema)} (id text COLLATE \"C\" PRIMARY KEY, doc json NOT NULL)",
        };
        foreach (var field in schema.Fields.Where(field => field.Indexed))
        {
            var index = Fitting($"{schema.StoreName}:{field.Name}:{field.Kind}");
            statements[index] = $"CREATE INDEX {Quote(index)} ON {Name(schema)} ({Key(field)} NULLS FIRST, id)";
        }

        await using var query = new NpgsqlCommand(
            """
            SELECT name FROM unnest($1) AS name WHERE NOT EXISTS (
                SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'loire' AND c.relname = name)
            """,
            connection);
        query.Parameters.Add(Parameters.Of(statements.Keys.ToArray()));
        await using var rows = await query.ExecuteReaderAsync();
        HashSet<string> missing = [];
        while (await rows.ReadAsync())
        {
            missing.Add(rows.GetString(0));
        }

        return [.. statements.Where(statement => missing.Contains(statement.Key)).Select(statement => statement.Value)];
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, int seconds)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
        await command.ExecuteNonQueryAsync();
    }

    // A long name is cut, and told from others by its digest.
    private static string Fitting(string name)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        return name.Length <= MaxBytes ? name : $"{name[..(MaxBytes - digest.Length - 1)]}~{digest}";
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"")}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''")}'";
}
