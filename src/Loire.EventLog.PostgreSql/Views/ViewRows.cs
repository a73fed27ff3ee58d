using System.Text.RegularExpressions;
using Loire.EventLog.Views;
using Npgsql;
using NpgsqlTypes;

namespace Loire.EventLog.PostgreSql;

/// <summary>What stands beside documents of a view: their words and the values of declared fields, column by column.</summary>
internal sealed partial class ViewRows(ViewSchema schema, IReadOnlyList<DocumentFields> documents)
{
    /// <summary>The columns, separated by commas.</summary>
    public string Columns { get; } = string.Join(", ", schema.Fields.Select(ViewTable.Key).Prepend("words"));

    /// <summary>What goes into the columns where the document is there already.</summary>
    public string Excluded { get; } = string.Join(
        ", ", schema.Fields.Select(ViewTable.Key).Prepend("words").Select(column => $"excluded.{column}"));

    /// <summary>What goes into the columns, from a row <c>u</c> of text: <c>w</c>, <c>f0</c>, <c>f1</c>…</summary>
    public string Values { get; } = string.Join(
        ", ",
        schema.Fields.Select((field, n) => $"u.f{n}::{ViewTable.Type(field)}")
            .Prepend("array_to_tsvector(string_to_array(u.w, ' '))"));

    /// <summary>The names of that row's columns.</summary>
    public string Names { get; } = string.Join(", ", schema.Fields.Select((_, n) => $"f{n}").Prepend("w"));

    /// <summary>How many parameters there are.</summary>
    public int Count => schema.Fields.Count + 1;

    /// <summary>The rows, an array for each column.</summary>
    public IEnumerable<NpgsqlParameter> Parameters() => schema.Fields
        .Select((field, n) => Texts(documents.Select(document => Value(document, field, n))))
        .Prepend(Texts(documents.Select(document => string.Join(' ', document.Words))));

    /// <summary>A text as its column compares: cut, and what no text can hold here counts as U+FFFD.</summary>
    public static string Key(string text) => TextKey.Of(text).Replace('\0', '\ufffd');

    private static string? Value(DocumentFields document, ViewField field, int n) => field.Kind switch
    {
        // What is not a number of sensible size counts as missing.
        ViewFieldKind.Number => document.NumberAt(n) is { } number && Sensible().IsMatch(number) ? number : null,
        ViewFieldKind.Boolean => document.FlagAt(n) is { } flag ? (flag ? "true" : "false") : null,
        _ => document.TextAt(n) is { } text ? Key(text) : null,
    };

    private static NpgsqlParameter Texts(IEnumerable<string?> texts) =>
        new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    [GeneratedRegex(
        @"^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sensible();
}
