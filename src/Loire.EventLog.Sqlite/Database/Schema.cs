namespace Loire.EventLog.Sqlite;

/// <summary>The tables of the store. Views have a table each, see <see cref="ViewTable"/>.</summary>
internal static class Schema
{
    // "Loir": tells the file from other SQLite databases.
    private const int ApplicationId = 0x4c6f6972;

    /// <summary>The statements that make the tables, a step for each version of the schema. A step that was released stays as it is.</summary>
    /// <remarks><c>occurred_at</c> and <c>expires_at</c> are microseconds since 1970, UTC.</remarks>
    public static IReadOnlyList<IReadOnlyList<string>> Steps { get; } = [Tables(), Snapshots(), Searches(), Moves()];

    public static int Version => Steps.Count;

    /// <summary>Makes the tables in a new file, brings an older one up to date, and checks what is there.</summary>
    /// <exception cref="StoreFormatException">The file is of a newer version, or of another application.</exception>
    public static void Prepare(Connection connection, string file)
    {
        var isNew = connection.Number("SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && connection.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreFormatException($"'{file}' is an SQLite database of another application.");
        }

        var version = isNew ? 0 : (int)connection.Number("PRAGMA user_version")!.Value;
        if (version > Version || (version < 1 && !isNew))
        {
            throw new StoreFormatException(
                $"'{file}' has schema version {version}, and this program knows {Version}: use the program that wrote it, or a newer one.");
        }

        if (version < Version)
        {
            Migrate(connection, version);
        }
    }

    // All steps or none: a process that ends half-way leaves the file as it was.
    private static void Migrate(Connection connection, int version)
    {
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var statement in Steps.Skip(version).SelectMany(step => step))
        {
            connection.Execute(statement);
        }

        connection.Execute($"PRAGMA user_version = {Version}");
        connection.Execute("COMMIT");
    }

    private static string[] Tables() =>
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
    ];

    /// <summary>One for each stream. <c>event_id</c> is the event at its version: a snapshot that names another does not fit.</summary>
    private static string[] Snapshots() =>
    [
        """
        CREATE TABLE snapshots (
            aggregate TEXT NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            event_id BLOB NOT NULL,
            shape TEXT NOT NULL,
            state TEXT NOT NULL,
            PRIMARY KEY (aggregate, id))
        """,
    ];

    /// <summary>Which views can be searched, and what their words were made of, see <see cref="SearchTable"/>.</summary>
    private static string[] Searches() =>
    [
        "CREATE TABLE searches (view TEXT NOT NULL PRIMARY KEY, made_of TEXT NOT NULL) WITHOUT ROWID",
    ];

    /// <summary>The last move of a checkpoint, drawn at random: it tells whether there has been another since.</summary>
    private static string[] Moves() => ["ALTER TABLE checkpoints ADD COLUMN move INTEGER NOT NULL DEFAULT 0"];
}
