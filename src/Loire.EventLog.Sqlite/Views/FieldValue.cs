using System.Globalization;
using SQLitePCL;

namespace Loire.EventLog.Sqlite;

/// <summary>A value of a declared field, as SQLite compares it.</summary>
internal static class FieldValue
{
    /// <summary>Binds a <see cref="string"/>, <see cref="decimal"/> or <see cref="bool"/>.</summary>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public static void Bind(Statement statement, int index, object value)
    {
        switch (value)
        {
            case string text:
                statement.Bind(index, TextKey.Of(text));
                break;
            case bool flag:
                statement.Bind(index, flag ? 1L : 0L);
                break;
            // JSON's whole numbers are integers to SQLite, the others are floating-point: it compares both exactly.
            case decimal number when number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue:
                statement.Bind(index, (long)number);
                break;
            case decimal number:
                statement.Bind(index, (double)number);
                break;
            default:
                throw new ArgumentException($"A field has no values of type {value.GetType().Name}.", nameof(value));
        }
    }

    /// <summary>A column's value as text that <see cref="BindWritten"/> understands; <see langword="null"/> for NULL.</summary>
    public static string? Write(Statement row, int column) => row.Type(column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => $"i{row.Int64(column).ToString(CultureInfo.InvariantCulture)}",
        raw.SQLITE_FLOAT => $"d{row.Double(column).ToString("R", CultureInfo.InvariantCulture)}",
        // The bytes: JSON's escapes let text in that is not valid Unicode.
        _ => $"t{Convert.ToBase64String(row.Bytes(column))}",
    };

    /// <exception cref="FormatException"><see cref="Write"/> did not make it.</exception>
    public static void BindWritten(Statement statement, int index, string written)
    {
        var rest = written.AsSpan(Math.Min(1, written.Length));
        switch (written)
        {
            case ['i', ..]:
                statement.Bind(index, long.Parse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
                break;
            case ['d', ..]:
                statement.Bind(index, double.Parse(rest, NumberStyles.Float, CultureInfo.InvariantCulture));
                break;
            case ['t', ..]:
                statement.BindText(index, Convert.FromBase64String(rest.ToString()));
                break;
            default:
                throw new FormatException("Not a field's value.");
        }
    }
}
