using System.Buffers.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog;

/// <summary>Where a page of a view ended: the last row's sort value and id, bound to the view and its order.</summary>
/// <param name="Value">As the store writes it; <see langword="null"/> for a missing value, or without a sort.</param>
/// <param name="Id">The last row's id.</param>
internal sealed record ViewCursor(string? Value, string Id)
{
    public string Encode(ViewSchema schema, ViewQuery query)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Order(schema, query));
        writer.Write(Value is not null);
        writer.Write(Value ?? "");
        writer.Write(Id);
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <exception cref="InvalidCursorException">It is not a cursor of this view in this order.</exception>
    public static ViewCursor? Decode(ViewSchema schema, ViewQuery query)
    {
        if (query.Cursor is null)
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(Base64Url.DecodeFromChars(query.Cursor)), StrictUtf8.Encoding);
            var order = reader.ReadString();
            var (hasValue, value, id) = (reader.ReadBoolean(), reader.ReadString(), reader.ReadString());
            if (order == Order(schema, query) && reader.PeekChar() < 0)
            {
                return new ViewCursor(hasValue ? value : null, id);
            }
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException)
        {
            // Told below, as for every other cursor that is not ours.
        }

        throw new InvalidCursorException("The cursor does not belong to this query.");
    }

    // Not of one generation: its documents are the same in the next.
    private static string Order(ViewSchema schema, ViewQuery query) =>
        $"{schema.Name}@{schema.Version} {(query.Descending ? '-' : '+')}{query.Sort?.Name}";
}
