using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Makes the table of a view, and brings one up to date that was made for other fields or by an older build.</summary>
internal sealed class ViewDefinition(NpgsqlConnection connection, ViewSchema schema, int seconds)
{
    private const int Page = 2_000;

    // "LoiV": one process at a time makes tables.
    private const long Lock = 0x4c6f6956;

    private readonly string _table = ViewTable.Name(schema);

    public async Task<bool> Make()
    {
        if (await IsMade())
        {
            return true;
        }

        // The first transaction locks readers out, and is short; the second may have much to do, and lets them in.
        await InTransaction(MakeColumns);
        await InTransaction(MakeRest);
        return true;
    }

    private async Task InTransaction(Func<Task> make)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await Execute($"SET LOCAL lock_timeout = '{seconds}s'; SELECT pg_advisory_xact_lock({Lock})");
        if (!await IsMade())
        {
            await make();
            await transaction.CommitAsync();
        }
    }

    private async Task<bool> IsMade()
    {
        await using var query = new NpgsqlCommand("SELECT shape = $2 FROM loire.views WHERE name = $1", connection);
        query.Parameters.Bind([Parameters.OfText(schema.StoreName), Parameters.Of(ViewTable.Shape(schema))]);
        return await query.ExecuteScalarAsync() is true;
    }

    private async Task MakeColumns()
    {
        await Execute($"CREATE TABLE IF NOT EXISTS {_table} (id text COLLATE \"C\" PRIMARY KEY, doc json NOT NULL)");
        await Execute($"ALTER TABLE {_table} ADD COLUMN IF NOT EXISTS words tsvector");
        foreach (var field in schema.Fields)
        {
            var collation = ViewTable.Type(field) == "text" ? " COLLATE \"C\"" : "";
            await Execute($"ALTER TABLE {_table} ADD COLUMN IF NOT EXISTS {ViewTable.Key(field)} {ViewTable.Type(field)}{collation}");
        }
    }

    private async Task MakeRest()
    {
        await Execute($"LOCK TABLE {_table} IN SHARE ROW EXCLUSIVE MODE");
        await Fill();

        // A build that knows nothing of these columns can write no more from here on.
        await Execute($"ALTER TABLE {_table} ALTER COLUMN words SET NOT NULL");
        foreach (var field in schema.Fields.Where(field => field.Indexed))
        {
            await Execute($"DROP INDEX IF EXISTS {ViewTable.FormerIndex(schema, field)}");
            await Execute(
                $"CREATE INDEX IF NOT EXISTS {ViewTable.Index(schema, field)} ON {_table} ({ViewTable.Key(field)} NULLS FIRST, id)");
        }

        if (schema.IsSearchable)
        {
            await Execute($"CREATE INDEX IF NOT EXISTS {ViewTable.WordIndex(schema)} ON {_table} USING gin (words)");
        }

        await using var made = new NpgsqlCommand(
            "INSERT INTO loire.views VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET shape = excluded.shape", connection);
        made.Parameters.Bind([Parameters.OfText(schema.StoreName), Parameters.Of(ViewTable.Shape(schema))]);
        await made.ExecuteNonQueryAsync();
    }

    private async Task Fill()
    {
        for (var last = ""; ;)
        {
            List<string> ids = [];
            List<DocumentFields> documents = [];
            await using (var query = Command($"SELECT id, doc FROM {_table} WHERE id > $1 ORDER BY id LIMIT {Page}"))
            {
                query.Parameters.Add(Parameters.Of(last));
                await using var rows = await query.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                {
                    ids.Add(rows.GetString(0));
                    documents.Add(DocumentFields.Of(schema, ids[^1], rows.GetFieldValue<byte[]>(1)));
                }
            }

            if (ids.Count == 0)
            {
                return;
            }

            await Update(ids, new ViewRows(schema, documents));
            last = ids[^1];
        }
    }

    private async Task Update(List<string> ids, ViewRows rows)
    {
        var arrays = string.Join(", ", Enumerable.Range(1, rows.Count + 1).Select(n => $"${n}"));
        await using var update = Command(
            $"UPDATE {_table} t SET ({rows.Columns}) = ROW({rows.Values}) FROM unnest({arrays}) AS u (id, {rows.Names}) WHERE t.id = u.id");
        update.Parameters.Bind([Parameters.Of(ids.ToArray()), .. rows.Parameters()]);
        await update.ExecuteNonQueryAsync();
    }

    private async Task Execute(string sql)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand Command(string sql) => new(sql, connection) { CommandTimeout = seconds };
}
