using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Views;

/// <summary>Views and their pages as the API shows them.</summary>
internal static class ViewJson
{
    public static Task WritePage(HttpContext http, ViewPage page) => JsonAnswer.WritePage(
        http,
        "items",
        page.Items,
        static (writer, document) => writer.WriteRawValue(document.Json.Span, skipInputValidation: true),
        writer =>
        {
            writer.WriteNumber("total", page.Total!.Value);
            writer.WriteString("next", page.Next);
            writer.WriteNumber("position", page.Position);
        });

    public static void Write(Utf8JsonWriter writer, (ViewSchema Schema, long Position) view)
    {
        writer.WriteStartObject();
        writer.WriteString("name", view.Schema.Name);
        writer.WriteNumber("version", view.Schema.Version);
        writer.WriteStartArray("fields");
        foreach (var field in view.Schema.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field.Name);
            writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(field.Kind.ToString()));
            writer.WriteBoolean("searchable", field.Searchable);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("position", view.Position);
        writer.WriteEndObject();
    }
}
