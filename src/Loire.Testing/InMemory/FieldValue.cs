using System.Globalization;
using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>A value of a declared field: text, a number, true or false.</summary>
internal abstract record FieldValue : IComparable<FieldValue>
{
    private sealed record OfText(string Value) : FieldValue;

    private sealed record OfNumber(decimal Value) : FieldValue;

    private sealed record OfFlag(bool Value) : FieldValue;

    /// <summary>What a document has in a field; <see langword="null"/> for nothing, or for a value of another kind.</summary>
    public static FieldValue? In(JsonElement document, ViewField field)
    {
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty(field.Name, out var member))
        {
            return null;
        }

        return (field.Kind, member.ValueKind) switch
        {
            (ViewFieldKind.Number, JsonValueKind.Number) => new OfNumber(Number(member)),
            (ViewFieldKind.Boolean, JsonValueKind.True) => new OfFlag(true),
            (ViewFieldKind.Boolean, JsonValueKind.False) => new OfFlag(false),
            (ViewFieldKind.Text or ViewFieldKind.Time, JsonValueKind.String) => new OfText(TextKey.Of(Text(member))),
            _ => null,
        };
    }

    /// <summary>A value as it stands in a query.</summary>
    public static FieldValue Of(object value) => value switch
    {
        string text => new OfText(TextKey.Of(text)),
        decimal number => new OfNumber(number),
        bool flag => new OfFlag(flag),
        _ => throw new ArgumentException($"A field has no values of type {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidCursorException">It was not written for this kind of field.</exception>
    public static FieldValue Read(string written, ViewFieldKind kind) => kind switch
    {
        ViewFieldKind.Number when decimal.TryParse(written, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) =>
            new OfNumber(number),
        ViewFieldKind.Boolean when bool.TryParse(written, out var flag) => new OfFlag(flag),
        ViewFieldKind.Text or ViewFieldKind.Time => new OfText(written),
        _ => throw new InvalidCursorException("The cursor does not belong to this query."),
    };

    public string Write() => this switch
    {
        OfText text => text.Value,
        OfNumber number => number.Value.ToString(CultureInfo.InvariantCulture),
        OfFlag flag => flag.Value ? "true" : "false",
        _ => throw new NotSupportedException($"No such value: {this}"),
    };

    public int CompareTo(FieldValue? other) => (this, other) switch
    {
        (OfText a, OfText b) => CodePoints.Order.Compare(a.Value, b.Value),
        (OfNumber a, OfNumber b) => a.Value.CompareTo(b.Value),
        (OfFlag a, OfFlag b) => a.Value.CompareTo(b.Value),
        (_, null) => 1,
        _ => throw new ArgumentException("Values of different kinds do not compare.", nameof(other)),
    };

    // What is beyond the range is beyond every number that a query can hold.
    private static decimal Number(JsonElement member) =>
        member.TryGetDecimal(out var number) ? number
        : member.GetDouble() > 0 ? decimal.MaxValue : decimal.MinValue;

    private static string Text(JsonElement member)
    {
        try
        {
            return member.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape that stands for half a surrogate pair: it compares as it is written.
            return member.GetRawText();
        }
    }
}
