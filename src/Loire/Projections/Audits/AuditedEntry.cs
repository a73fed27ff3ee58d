using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>A document as it is compared.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Json">The document; <see langword="null"/> if there is none.</param>
/// <param name="Position">The last event that changed it, if that is known.</param>
internal sealed record AuditedEntry(string Id, byte[]? Json, long? Position)
{
    /// <summary>Of id and document; 0 where there is none.</summary>
    public ulong Hash => Json is null ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(
        SHA256.HashData([.. Encoding.UTF8.GetBytes(Id), 0, .. Json]));

    public static AuditedEntry OfView(string id, ViewDocument? document) => new(id, document?.Json.ToArray(), Position: null);

    /// <summary>From a table whose documents are stamped.</summary>
    public static AuditedEntry OfScratch(string id, ViewDocument? document)
    {
        if (document is null)
        {
            return new AuditedEntry(id, Json: null, Position: null);
        }

        var stamped = JsonElement.Parse(document.Json.Span);
        var inner = stamped.GetProperty("document");
        return new AuditedEntry(
            id,
            inner.ValueKind == JsonValueKind.Null ? null : Encoding.UTF8.GetBytes(inner.GetRawText()),
            stamped.GetProperty("position").GetInt64());
    }

    public bool Matches(AuditedEntry other) => Json is null
        ? other.Json is null
        : other.Json is not null && Json.AsSpan().SequenceEqual(other.Json);
}
