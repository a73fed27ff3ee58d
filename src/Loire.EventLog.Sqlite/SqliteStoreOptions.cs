namespace Loire.EventLog.Sqlite;

/// <summary>Where the store is and what it may hold in memory. The defaults suit a server with two cores and more.</summary>
public sealed record SqliteStoreOptions
{
    public const string FileName = "loire.db";

    /// <summary>The folder of the file <c>loire.db</c> and its companions; created when it is missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>At most so many appends and view commits wait for the writer, 1 or more; what comes on top is refused.</summary>
    public int QueueLength { get; init; } = 10_000;

    /// <summary>At most so many bytes wait for the writer, 1 or more; one request may exceed it when nothing else waits.</summary>
    public long QueueBytes { get; init; } = 256 << 20;

    /// <summary>How long a request waits for the writer before it is refused, above 0.</summary>
    public TimeSpan AppendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>At most so many rows share a commit, 1 or more; one request may exceed it.</summary>
    public int BatchRows { get; init; } = 1_000;

    /// <summary>At most so many bytes share a commit, 1 or more; one request may exceed it.</summary>
    public long BatchBytes { get; init; } = 4 << 20;

    /// <summary>Connections that read at the same time, 1 to 64.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>The longest a read may take, its wait for a connection not counted (which may take as long again); above 0.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often expired receipts are removed, above 0. An expired receipt counts as absent at once.</summary>
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(1);

    internal string File => Path.Combine(DataFolder, FileName);

    internal QueueLimits QueueLimits => new(QueueLength, QueueBytes, AppendTimeout, BatchRows, BatchBytes);

    /// <summary>For measurements of memory: how many ends of streams the writer remembers, up to twice as many.</summary>
    internal int StreamTails { get; init; } = 50_000;

    /// <summary>For tests: stands in for a disk that fills up and for commits that fail.</summary>
    internal Faults Faults { get; init; } = new();

    /// <exception cref="ArgumentException">A value is out of its range; the message begins with its key.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DataFolder), nameof(DataFolder), "must name a folder");
        Require(QueueLength >= 1, nameof(QueueLength), "must be 1 or more");
        Require(QueueBytes >= 1, nameof(QueueBytes), "must be 1 or more");
        Require(AppendTimeout > TimeSpan.Zero, nameof(AppendTimeout), "must be above 0");
        Require(BatchRows >= 1, nameof(BatchRows), "must be 1 or more");
        Require(BatchBytes >= 1, nameof(BatchBytes), "must be 1 or more");
        Require(Readers is >= 1 and <= 64, nameof(Readers), "must be 1 to 64");
        Require(ReadTimeout > TimeSpan.Zero, nameof(ReadTimeout), "must be above 0");
        Require(PurgeInterval > TimeSpan.Zero, nameof(PurgeInterval), "must be above 0");
    }

    private static void Require(bool holds, string key, string demand)
    {
        if (!holds)
        {
            throw new ArgumentException($"{key} {demand}.", key);
        }
    }
}
