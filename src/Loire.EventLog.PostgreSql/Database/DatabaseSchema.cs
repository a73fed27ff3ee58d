using System.Reflection;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// Tables and functions of one purpose, in a schema of their own, made and brought up to date step by step. Safe when many
/// processes start at once: one does it, the others wait for it.
/// </summary>
/// <param name="name">The schema; lower-case letters. It is made if it is not there.</param>
/// <param name="lockId">Tells this schema's lock from others in the database.</param>
/// <param name="assembly">Holds each step as a resource of that name: SQL that is run once.</param>
/// <param name="steps">In their order. One that has been released is never changed; changes are further steps.</param>
public sealed class DatabaseSchema(string name, long lockId, Assembly assembly, params IReadOnlyList<string> steps)
{
    /// <exception cref="StoreFormatException">The tables are of a newer version.</exception>
    internal async Task Migrate(NpgsqlConnection connection, int seconds, CancellationToken cancellation)
    {
        if (await Version(connection, cancellation) == steps.Count)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, $"SET LOCAL lock_timeout = '{seconds}s'; SELECT pg_advisory_xact_lock({lockId})", seconds, cancellation);
        var version = await Version(connection, cancellation);
        if (version > steps.Count)
        {
            throw new StoreFormatException(
                $"The database has version {version} of the schema {name}, and this program knows {steps.Count}: use a newer one.");
        }

        if (version == 0)
        {
            await Execute(
                connection,
                $"{await SchemaIfMissing(connection, cancellation)}CREATE TABLE {name}.migrations (version int PRIMARY KEY, made_at timestamptz NOT NULL)",
                seconds,
                cancellation);
        }

        for (var step = version; step < steps.Count; step++)
        {
            await Execute(connection, await Sql(steps[step]), seconds, cancellation);
            await Execute(connection, $"INSERT INTO {name}.migrations VALUES ({step + 1}, now())", seconds, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    // Not "IF NOT EXISTS", which asks for the right to make it even when it is there.
    private async Task<string> SchemaIfMissing(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{name}')", connection);
        return await exists.ExecuteScalarAsync(cancellation) is true ? "" : $"CREATE SCHEMA {name}; ";
    }

    private async Task<int> Version(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Not to_regclass, which remembers what it did not find while another process makes it.
        await using var exists = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = '{name}' AND tablename = 'migrations')", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return 0;
        }

        await using var version = new NpgsqlCommand($"SELECT coalesce(max(version), 0) FROM {name}.migrations", connection);
        return (int)(await version.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, int seconds, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<string> Sql(string step)
    {
        await using var stream = assembly.GetManifestResourceStream(step)
            ?? throw new InvalidOperationException($"The migration '{step}' is missing.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
