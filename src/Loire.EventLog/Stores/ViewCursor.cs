using System.Buffers.Text;
using System.Text.Json;
using Loire.EventLog.Views;

namespace Loire.EventLog;

/// <summary>Where a page of a view ended: the last row's sort value and id, bound to the view and its order.</summary>
/// <param name="Value">As the store writes it; <see langword="null"/> for a missing value, or without a sort.</param>
/// <param name="Id">The last row's id.</param>
internal sealed record ViewCursor(string? Value, string Id)
{
    public string Encode(ViewSchema schema, ViewQuery query) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string?[]>([Order(schema, query), Value, Id]));

    /// <exception cref="InvalidCursorException">It is not a cursor of this view in this order.</exception>
    public static ViewCursor? Decode(ViewSchema schema, ViewQuery query)
    {
        if (query.Cursor is null)
        {
            return null;
        }

        try
        {
            var parts = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(query.Cursor));
            if (parts is [{ } order, var value, { } id] && order == Order(schema, query))
            {
                return new ViewCursor(value, id);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Told below, as for every other cursor that is not ours.
        }

        throw new InvalidCursorException("The cursor does not belong to this query.");
    }

    // Not of one generation: its documents are the same in the next.
    private static string Order(ViewSchema schema, ViewQuery query) =>
        $"{schema.Name}@{schema.Version} {(query.Descending ? '-' : '+')}{query.Sort?.Name}";
}
