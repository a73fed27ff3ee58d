namespace Loire.EventLog;

/// <summary>An event that is to be appended.</summary>
/// <param name="EventId">Unique; <see cref="Guid.CreateVersion7()"/> keeps ids in time order.</param>
/// <param name="Type">The name of the event type, e.g. <c>order-placed</c>.</param>
/// <param name="SchemaVersion">The version of the shape of <paramref name="Data"/>, 1 or more.</param>
/// <param name="OccurredAt">When it was decided, UTC, kept to the microsecond.</param>
/// <param name="Data">The payload as UTF-8 JSON.</param>
/// <param name="Metadata">Who and what led to it.</param>
public sealed record NewEvent(
    Guid EventId,
    string Type,
    int SchemaVersion,
    DateTimeOffset OccurredAt,
    ReadOnlyMemory<byte> Data,
    EventMetadata Metadata);
