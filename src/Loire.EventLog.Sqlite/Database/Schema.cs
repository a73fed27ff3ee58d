namespace Loire.EventLog.Sqlite;

/// <summary>The tables of the store. Views have a table each, see <see cref="ViewTable"/>.</summary>
internal static class Schema
{
    public const int Version = 1;

    // "Loir": tells the file from other SQLite databases.
    private const int ApplicationId = 0x4c6f6972;

    /// <summary>The statements that make the tables.</summary>
    /// <remarks><c>occurred_at</c> and <c>expires_at</c> are microseconds since 1970, UTC.</remarks>
    public static IReadOnlyList<string> Statements { get; } =
    [
        """
        CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            aggregate TEXT NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            event_id BLOB NOT NULL,
            type TEXT NOT NULL,
            schema_version INTEGER NOT NULL,
            occurred_at INTEGER NOT NULL,
            partition INTEGER NOT NULL,
            data TEXT NOT NULL,
            user_id TEXT,
            correlation_id TEXT,
            causation_id TEXT,
            trace_parent TEXT,
            tenant TEXT,
            UNIQUE (aggregate, id, version))
        """,
        "CREATE INDEX events_by_type ON events (type)",
        "CREATE INDEX events_by_correlation ON events (correlation_id) WHERE correlation_id IS NOT NULL",
        """
        CREATE TABLE receipts (
            aggregate TEXT NOT NULL,
            id TEXT NOT NULL,
            key TEXT NOT NULL,
            fingerprint BLOB NOT NULL,
            version INTEGER NOT NULL,
            position INTEGER NOT NULL,
            events INTEGER NOT NULL,
            expires_at INTEGER,
            PRIMARY KEY (aggregate, id, key)) WITHOUT ROWID
        """,
        "CREATE INDEX receipts_by_expiry ON receipts (expires_at) WHERE expires_at IS NOT NULL",
        """
        CREATE TABLE checkpoints (
            subscription TEXT NOT NULL,
            partition INTEGER NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (subscription, partition)) WITHOUT ROWID
        """,
        "CREATE TABLE fence (id INTEGER PRIMARY KEY, raised INTEGER NOT NULL)",
        "INSERT INTO fence (id, raised) VALUES (1, 0)",
        $"PRAGMA application_id = {ApplicationId}",
        $"PRAGMA user_version = {Version}",
    ];

    /// <summary>Makes the tables in a new file, and checks an old one.</summary>
    /// <exception cref="StoreFormatException">The file is not of this version.</exception>
    public static void Prepare(Connection connection, string file)
    {
        if (connection.Number("SELECT count(*) FROM sqlite_master") == 0)
        {
            connection.Execute("BEGIN IMMEDIATE");
            foreach (var statement in Statements)
            {
                connection.Execute(statement);
            }

            connection.Execute("COMMIT");
        }
        else if (connection.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreFormatException($"'{file}' is an SQLite database of another application.");
        }
        else if (connection.Number("PRAGMA user_version") is var version && version != Version)
        {
            throw new StoreFormatException(
                $"'{file}' has schema version {version}, and this program knows {Version}: use the program that wrote it, or a newer one.");
        }
    }
}
