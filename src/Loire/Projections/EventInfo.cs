using Loire.EventLog;

namespace Loire.Projections;

/// <summary>Where an event stands and where it came from.</summary>
/// <param name="AggregateId">Id of its aggregate.</param>
/// <param name="Aggregate">Type of its aggregate.</param>
/// <param name="Position">Place in the log.</param>
/// <param name="Version">Place in its stream.</param>
/// <param name="EventId">Its id.</param>
/// <param name="OccurredAt">When it was decided, UTC.</param>
/// <param name="Metadata">Who and what led to it.</param>
public sealed record EventInfo(
    string AggregateId,
    string Aggregate,
    long Position,
    long Version,
    Guid EventId,
    DateTimeOffset OccurredAt,
    EventMetadata Metadata)
{
    public static EventInfo Of(RecordedEvent e) =>
        new(e.Stream.Id, e.Stream.Aggregate, e.Position, e.Version, e.EventId, e.OccurredAt, e.Metadata);
}
