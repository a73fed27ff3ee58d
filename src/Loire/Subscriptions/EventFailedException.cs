using Loire.EventLog;

namespace Loire.Subscriptions;

/// <summary>Which event a handler could not handle.</summary>
public sealed class EventFailedException(RecordedEvent recorded, Exception cause)
    : Exception($"Event {recorded.Position} ({recorded.Type}, {recorded.Stream} version {recorded.Version}) could not be handled: {cause.Message}", cause)
{
    public RecordedEvent Event { get; } = recorded;
}
