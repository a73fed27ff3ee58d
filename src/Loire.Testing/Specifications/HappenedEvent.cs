using System.Text.Json;
using Loire.EventLog;

namespace Loire.Testing;

/// <summary>An event that has happened in a specification.</summary>
internal sealed record HappenedEvent(StreamName Stream, object Event, DateTimeOffset OccurredAt, EventMetadata Metadata)
{
    /// <summary>The base of the event's hierarchy, in which it is nested.</summary>
    public Type Root => Event.GetType().DeclaringType
        ?? throw new SpecificationException($"{Event.GetType()} is not nested in the base of its events.");

    /// <summary>The stream that an event belongs to by the names of its types: an <c>OrderEvent</c> to an <c>order</c>.</summary>
    public static StreamName StreamOf(object @event, string id)
    {
        var root = @event.GetType().DeclaringType?.Name ?? @event.GetType().Name;
        const string suffix = "Event";
        var aggregate = root.EndsWith(suffix, StringComparison.Ordinal) && root.Length > suffix.Length ? root[..^suffix.Length] : root;
        return new StreamName(JsonNamingPolicy.KebabCaseLower.ConvertName(aggregate), id);
    }

    public override string ToString() => $"{Stream}: {Named.Of(Event)}";
}
