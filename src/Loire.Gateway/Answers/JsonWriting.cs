using System.Text.Json;

namespace Loire.Gateway.Answers;

internal static class JsonWriting
{
    /// <summary>Copies a member's value that is JSON already: the log and the views hold nothing else.</summary>
    public static void WriteRaw(this Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.Span, skipInputValidation: true);
    }

    public static void WriteNumberOrNull(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
