namespace Loire.EventLog;

/// <summary>Which events of the log to read. Every condition that is given must hold.</summary>
public sealed record LogFilter
{
    public static readonly LogFilter All = new();

    /// <summary>Event type names, any of them; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Aggregate types, any of them; empty for all.</summary>
    public IReadOnlyList<string> Aggregates { get; init; } = [];

    /// <summary>Partitions of streams, 0 to 63, any of them; empty for all. See <see cref="StreamName.Partition"/>.</summary>
    public IReadOnlyList<int> Partitions { get; init; } = [];

    /// <summary>Not before this instant.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this instant.</summary>
    public DateTimeOffset? Until { get; init; }

    public string? CorrelationId { get; init; }

    public bool Matches(RecordedEvent e) =>
        (Types.Count == 0 || Types.Contains(e.Type))
        && (Aggregates.Count == 0 || Aggregates.Contains(e.Stream.Aggregate))
        && (Partitions.Count == 0 || Partitions.Contains(e.Stream.Partition))
        && (Since is null || e.OccurredAt >= Since)
        && (Until is null || e.OccurredAt < Until)
        && (CorrelationId is null || e.Metadata.CorrelationId == CorrelationId);
}
