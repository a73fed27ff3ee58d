using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>What a silo must be allowed to do with the tables, looked at before it starts and not when somebody waits.</summary>
internal static class Privileges
{
    private const string Advice = "deploy/postgresql/roles.sql grants what is needed.";

    // A lock on a row counts as an UPDATE.
    private const string Missing =
        """
        SELECT string_agg(w.privilege || ' on loire.' || w.name, ', ' ORDER BY w.name, w.privilege)
        FROM (VALUES ('events', 'SELECT'), ('events', 'INSERT'), ('head', 'SELECT'), ('head', 'UPDATE'),
                     ('receipts', 'SELECT'), ('receipts', 'INSERT'), ('receipts', 'UPDATE'), ('receipts', 'DELETE'),
                     ('checkpoints', 'SELECT'), ('checkpoints', 'INSERT'), ('checkpoints', 'UPDATE'),
                     ('snapshots', 'SELECT'), ('snapshots', 'INSERT'), ('snapshots', 'UPDATE'),
                     ('views', 'SELECT'), ('views', 'INSERT'), ('views', 'UPDATE')) AS w (name, privilege)
        WHERE NOT has_table_privilege('loire.' || w.name, w.privilege)
        """;

    /// <exception cref="StoreAccessException">A right is missing.</exception>
    public static async Task Check(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(Missing, connection);
        if (await query.ExecuteScalarAsync(cancellation) is string missing)
        {
            throw new StoreAccessException($"The database's user '{connection.UserName}' lacks {missing}. {Advice}");
        }
    }

    /// <summary>Makes or changes tables.</summary>
    /// <exception cref="StoreAccessException">The user may not.</exception>
    public static async Task Explain(NpgsqlConnection connection, Func<Task> migration)
    {
        try
        {
            await migration();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StoreAccessException(
                $"The tables are to be made or changed, and the database's user '{connection.UserName}' may not do it: "
                + $"{e.MessageText}. Let their owner do it, with --migrate. {Advice}",
                e);
        }
    }
}
