using System.Security.Cryptography;
using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// The table of a view: <c>id</c>, <c>doc</c> (JSON that comes back as it was written), <c>words</c> (what searches find),
/// and a column for each declared field. Those fields that ask for it have an index.
/// </summary>
internal static class ViewTable
{
    /// <summary>The state that loire.expect_shape fails with.</summary>
    public const string OtherShape = "LO003";

    // Raised when the columns of a view come to mean something else.
    private const int Format = 1;

    // PostgreSQL cuts longer names off.
    private const int MaxBytes = 63;

    /// <summary>The table's name, quoted, e.g. <c>loire."orders@1"</c>.</summary>
    public static string Name(ViewSchema schema) => $"loire.{Quote(Fitting(schema.StoreName))}";

    /// <summary>The column of a field, quoted; of text, it holds the <see cref="TextKey"/>.</summary>
    public static string Key(ViewField field) => Quote(Fitting($"{field.Kind.ToString()[..1].ToLowerInvariant()}:{field.Name}"));

    /// <summary>The type of a field's column.</summary>
    public static string Type(ViewField field) => field.Kind switch
    {
        ViewFieldKind.Number => "numeric",
        ViewFieldKind.Boolean => "boolean",
        _ => "text",
    };

    /// <summary>The name of a field's index, quoted.</summary>
    public static string Index(ViewSchema schema, ViewField field) => Quote(Fitting($"{schema.StoreName}:{Key(field)}"));

    /// <summary>The name that a field's index had when it was over an expression, quoted.</summary>
    public static string FormerIndex(ViewSchema schema, ViewField field) =>
        $"loire.{Quote(Fitting($"{schema.StoreName}:{field.Name}:{field.Kind}"))}";

    /// <summary>The name of the index over the words, quoted.</summary>
    public static string WordIndex(ViewSchema schema) => Quote(Fitting($"{schema.StoreName}:words"));

    /// <summary>What the columns are made for: tables with the same shape need no change.</summary>
    public static string Shape(ViewSchema schema) => string.Join(
        '\n',
        schema.Fields.Select(f => $"{f.Kind} {f.Name}{(f.Searchable ? " words" : "")}{(f.Indexed ? " index" : "")}")
            .Prepend($"{Format}.{SearchWords.Rules}"));

    // A long name is cut, and told from others by its digest.
    private static string Fitting(string name)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
        return name.Length <= MaxBytes ? name : $"{name[..(MaxBytes - digest.Length - 1)]}~{digest}";
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"")}\"";
}
