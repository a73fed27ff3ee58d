using System.Reflection;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// Makes the tables and brings older ones up to date, step by step (<c>*.sql</c>). Safe when many processes start at once:
/// one does it, the others wait for it.
/// </summary>
internal static class Migrations
{
    // "Loir": tells our lock from those of others in the database.
    private const long Lock = 0x4c6f6972;

    private static readonly string[] Steps = ["1-tables", "2-append", "3-views", "4-snapshots"];

    /// <exception cref="StoreFormatException">The tables are of a newer version.</exception>
    public static async Task Run(NpgsqlConnection connection, int seconds, CancellationToken cancellation)
    {
        if (await Version(connection, cancellation) == Steps.Length)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, $"SET LOCAL lock_timeout = '{seconds}s'; SELECT pg_advisory_xact_lock({Lock})", seconds, cancellation);
        var version = await Version(connection, cancellation);
        if (version > Steps.Length)
        {
            throw new StoreFormatException(
                $"The database has schema version {version}, and this program knows {Steps.Length}: use a newer one.");
        }

        if (version == 0)
        {
            await Execute(
                connection,
                $"{await SchemaIfMissing(connection, cancellation)}CREATE TABLE loire.migrations (version int PRIMARY KEY, made_at timestamptz NOT NULL)",
                seconds,
                cancellation);
        }

        for (var step = version; step < Steps.Length; step++)
        {
            await Execute(connection, await Sql(Steps[step]), seconds, cancellation);
            await Execute(connection, $"INSERT INTO loire.migrations VALUES ({step + 1}, now())", seconds, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    // Not "IF NOT EXISTS", which asks for the right to make it even when it is there.
    private static async Task<string> SchemaIfMissing(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'loire')", connection);
        return await exists.ExecuteScalarAsync(cancellation) is true ? "" : "CREATE SCHEMA loire; ";
    }

    private static async Task<int> Version(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Not to_regclass, which remembers what it did not find while another process makes it.
        await using var exists = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'loire' AND tablename = 'migrations')", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return 0;
        }

        await using var version = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM loire.migrations", connection);
        return (int)(await version.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, int seconds, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string> Sql(string step)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(step)
            ?? throw new InvalidOperationException($"The migration '{step}' is missing.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
