using System.Text.Json;
using Loire.EventLog;
using Loire.Gateway.Answers;

namespace Loire.Gateway.Reading;

/// <summary>An event as the API shows it.</summary>
internal static class EventJson
{
    public static void Write(Utf8JsonWriter writer, RecordedEvent e)
    {
        writer.WriteStartObject();
        writer.WriteNumber("position", e.Position);
        writer.WriteString("eventId", e.EventId);
        writer.WriteString("aggregate", e.Stream.Aggregate);
        writer.WriteString("id", e.Stream.Id);
        writer.WriteNumber("version", e.Version);
        writer.WriteString("type", e.Type);
        writer.WriteNumber("schemaVersion", e.SchemaVersion);
        writer.WriteString("occurredAt", e.OccurredAt.UtcDateTime);
        writer.WriteRaw("data", e.Data);
        writer.WriteStartObject("metadata");
        writer.WriteString("userId", e.Metadata.UserId);
        writer.WriteString("correlationId", e.Metadata.CorrelationId);
        writer.WriteString("causationId", e.Metadata.CausationId);
        writer.WriteString("traceParent", e.Metadata.TraceParent);
        writer.WriteString("tenant", e.Metadata.Tenant);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
