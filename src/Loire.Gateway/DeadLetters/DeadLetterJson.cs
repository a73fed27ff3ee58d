using System.Text;
using System.Text.Json;
using Loire.DeadLetters;

namespace Loire.Gateway.DeadLetters;

/// <summary>A dead letter as the API shows it.</summary>
internal static class DeadLetterJson
{
    /// <summary>Without what may be long.</summary>
    public static void WriteShort(Utf8JsonWriter writer, DeadLetter letter) => Write(writer, letter, _ => { });

    public static void Write(Utf8JsonWriter writer, DeadLetter letter) => Write(writer, letter, w =>
    {
        w.WriteString("errorDetail", letter.ErrorDetail);
        WriteData(w, "data", letter.Data);
        WriteData(w, "originalData", letter.OriginalData);
        w.WriteStartObject("metadata");
        w.WriteString("userId", letter.Metadata.UserId);
        w.WriteString("correlationId", letter.Metadata.CorrelationId);
        w.WriteString("causationId", letter.Metadata.CausationId);
        w.WriteString("traceParent", letter.Metadata.TraceParent);
        w.WriteString("tenant", letter.Metadata.Tenant);
        w.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, DeadLetter letter, Action<Utf8JsonWriter> rest)
    {
        writer.WriteStartObject();
        writer.WriteString("id", letter.Id);
        writer.WriteString("queue", letter.Queue);
        writer.WriteNumber("partition", letter.Partition);
        writer.WriteString("state", DeadLetter.NameOf(letter.State));
        writer.WriteNumber("position", letter.Position);
        writer.WriteString("eventId", letter.EventId);
        writer.WriteString("aggregate", letter.Aggregate);
        writer.WriteString("aggregateId", letter.AggregateId);
        writer.WriteNumber("version", letter.Version);
        writer.WriteString("type", letter.Type);
        writer.WriteNumber("schemaVersion", letter.SchemaVersion);
        writer.WriteString("occurredAt", letter.OccurredAt.UtcDateTime);
        writer.WriteNumber("attempts", letter.Attempts);
        writer.WriteString("error", letter.Error);
        writer.WriteString("createdAt", letter.CreatedAt.UtcDateTime);
        WriteTime(writer, "lastFailedAt", letter.LastFailedAt);
        WriteTime(writer, "nextAttemptAt", letter.NextAttemptAt);
        writer.WriteString("editedBy", letter.EditedBy);
        WriteTime(writer, "editedAt", letter.EditedAt);
        rest(writer);
        writer.WriteEndObject();
    }

    // What cannot be read may be no JSON: then it is shown as text.
    public static void WriteData(Utf8JsonWriter writer, string name, string? data)
    {
        if (data is not null && IsJson(data))
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(data);
        }
        else
        {
            writer.WriteString(name, data);
        }
    }

    private static bool IsJson(string data)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(data));
        try
        {
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, known.UtcDateTime);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
