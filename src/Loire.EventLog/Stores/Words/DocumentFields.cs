using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Loire.EventLog.Views;

namespace Loire.EventLog;

/// <summary>What a document has in the declared fields of its view. One reading for all stores that keep it beside the document.</summary>
internal sealed partial class DocumentFields
{
    /// <summary>At most so many bytes of words are kept of a document; those beyond are not found.</summary>
    private const int MaxWordBytes = 500_000;

    private readonly JsonElement?[] _members;

    private DocumentFields(ViewSchema schema, JsonElement?[] members)
    {
        _members = members;
        var words = schema.Fields.Index().Where(field => field.Item.Searchable)
            .SelectMany(field => SearchWords.Of(TextAt(field.Index))).Distinct(StringComparer.Ordinal);
        var bytes = 0;
        Words = [.. words.TakeWhile(word => (bytes += Encoding.UTF8.GetByteCount(word)) <= MaxWordBytes).Order(StringComparer.Ordinal)];
    }

    /// <summary>The words of the searchable fields, each once.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <exception cref="InvalidOperationException">The document is not JSON.</exception>
    public static DocumentFields Of(DocumentChange.Put put) => Of(put.View, put.Id, put.Json);

    /// <exception cref="InvalidOperationException">The document is not JSON.</exception>
    public static DocumentFields Of(ViewSchema view, string id, ReadOnlyMemory<byte> json)
    {
        try
        {
            var root = JsonElement.Parse(json.Span, new JsonDocumentOptions { MaxDepth = 1000 });
            return new DocumentFields(view, [.. view.Fields.Select(field => Member(root, field.Name))]);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The document {id} of {view.StoreName} is not JSON. {e.Message}", e);
        }
    }

    /// <summary>The text of the field at an index; <see langword="null"/> when it has none.</summary>
    public string? TextAt(int field) => _members[field] is { ValueKind: JsonValueKind.String } member ? Text(member) : null;

    /// <summary>The number, as it is written in the document.</summary>
    public string? NumberAt(int field) => _members[field] is { ValueKind: JsonValueKind.Number } member ? member.GetRawText() : null;

    public bool? FlagAt(int field) => _members[field]?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static JsonElement? Member(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var member) ? member : null;

    private static string Text(JsonElement member)
    {
        try
        {
            return member.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // JSON's escapes let half a surrogate pair in, which is no character.
            var mended = Escapes().Replace(member.GetRawText(), escape => escape.Groups["half"].Success ? "\\ufffd" : escape.Value);
            return JsonSerializer.Deserialize<string>(mended)!;
        }
    }

    // All escapes, so that an escaped backslash before a "u" is not taken for the beginning of one.
    [GeneratedRegex(
        @"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();
}
