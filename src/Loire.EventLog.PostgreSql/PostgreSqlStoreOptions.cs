using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Where the store is and how much it may take. The defaults suit a silo that shares the server with others.</summary>
public sealed record PostgreSqlStoreOptions
{
    /// <summary>As Npgsql reads it, e.g. <c>Host=db;Database=loire;Username=loire;Password=…</c>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>At most so many connections, 4 to 1000: one that appends, one that listens, the others read and change views.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>How long a new connection may take, at least a second; whole seconds count.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>At most so many appends wait for the writer, 1 or more; what comes on top is refused.</summary>
    public int QueueLength { get; init; } = 10_000;

    /// <summary>At most so many bytes wait for the writer, 1 or more; one append may exceed it when nothing else waits.</summary>
    public long QueueBytes { get; init; } = 256 << 20;

    /// <summary>
    /// How long an append or a change of views is tried before it is given up, at least a second. An attempt that is under
    /// way then may take as long again.
    /// </summary>
    public TimeSpan AppendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>At most so many events share a commit, 1 or more; one append may exceed it.</summary>
    public int BatchRows { get; init; } = 1_000;

    /// <summary>At most so many bytes share a commit, 1 or more; one append may exceed it.</summary>
    public long BatchBytes { get; init; } = 4 << 20;

    /// <summary>The longest a read may take, its wait for a connection not counted; at least a second.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a change of the tables may take, at least a second; an index on a large view takes its time.</summary>
    public TimeSpan MigrationTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often expired receipts are removed, above 0. An expired receipt counts as absent at once.</summary>
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the head is asked for, above 0: a safety net, for the server tells of every append.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal QueueLimits QueueLimits => new(QueueLength, QueueBytes, AppendTimeout, BatchRows, BatchBytes);

    /// <summary>For tests: stands in for replies that are lost.</summary>
    internal Faults Faults { get; init; } = new();

    /// <exception cref="ArgumentException">A value is out of its range; the message begins with its key.</exception>
    internal void Validate()
    {
        Require(IsConnectionString(ConnectionString), nameof(ConnectionString), "must be a connection string with a Host");
        Require(MaxConnections is >= 4 and <= 1000, nameof(MaxConnections), "must be 4 to 1000");
        Require(IsLong(ConnectTimeout), nameof(ConnectTimeout), "must be a second to an hour");
        Require(QueueLength >= 1, nameof(QueueLength), "must be 1 or more");
        Require(QueueBytes >= 1, nameof(QueueBytes), "must be 1 or more");
        Require(IsLong(AppendTimeout), nameof(AppendTimeout), "must be a second to an hour");
        Require(BatchRows >= 1, nameof(BatchRows), "must be 1 or more");
        Require(BatchBytes >= 1, nameof(BatchBytes), "must be 1 or more");
        Require(IsLong(ReadTimeout), nameof(ReadTimeout), "must be a second to an hour");
        Require(IsLong(MigrationTimeout), nameof(MigrationTimeout), "must be a second to an hour");
        Require(PurgeInterval > TimeSpan.Zero, nameof(PurgeInterval), "must be above 0");
        Require(PollInterval > TimeSpan.Zero, nameof(PollInterval), "must be above 0");
    }

    private static bool IsLong(TimeSpan time) => time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromHours(1);

    private static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            // Told by the caller, without the text: it may hold a password.
            return false;
        }
    }

    private static void Require(bool holds, string key, string demand)
    {
        if (!holds)
        {
            throw new ArgumentException($"{key} {demand}.", key);
        }
    }
}
