namespace Loire.EventLog;

/// <summary>An event as it stands in the log.</summary>
/// <param name="Position">Place in the log: 1, 2, 3… without a gap, in commit order.</param>
/// <param name="EventId">Unique id of the event.</param>
/// <param name="Stream">The aggregate it belongs to.</param>
/// <param name="Version">Place in its stream: 1, 2, 3… without a gap.</param>
/// <param name="Type">The name of the event type.</param>
/// <param name="SchemaVersion">The version of the shape of <paramref name="Data"/>.</param>
/// <param name="OccurredAt">When it was decided, UTC.</param>
/// <param name="Data">The payload as UTF-8 JSON.</param>
/// <param name="Metadata">Who and what led to it.</param>
public sealed record RecordedEvent(
    long Position,
    Guid EventId,
    StreamName Stream,
    long Version,
    string Type,
    int SchemaVersion,
    DateTimeOffset OccurredAt,
    ReadOnlyMemory<byte> Data,
    EventMetadata Metadata);
