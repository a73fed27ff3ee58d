using Loire.EventLog.Views;

namespace Loire.EventLog;

/// <summary>Refuses views that cannot be kept, and queries that go beyond what a view declares.</summary>
internal static class ViewCheck
{
    public const int MaxLimit = 1000;
    public const int MaxSearchLength = 500;

    private const int MaxNameLength = 100;

    /// <summary>Refuses what cannot name a table or a column of every store: some do not tell upper case from lower in names.</summary>
    /// <exception cref="ArgumentException">A name cannot be used.</exception>
    public static void Schema(ViewSchema schema)
    {
        if (!IsName(schema.Name) || schema.Name.Any(char.IsAsciiLetterUpper))
        {
            throw new ArgumentException(
                $"A view's name has 1 to {MaxNameLength} printable ASCII characters and no capitals.", nameof(schema));
        }

        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (var field in schema.Fields)
        {
            if (!IsName(field.Name) || !seen.Add(field.Name))
            {
                throw new ArgumentException(
                    $"A field's name has 1 to {MaxNameLength} printable ASCII characters, no '\"' and no '\\', and is not "
                    + "used twice, not even with other capitals.",
                    nameof(schema));
            }
        }
    }

    /// <exception cref="ArgumentException">It does.</exception>
    public static void Query(ViewSchema schema, ViewQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxLimit, nameof(query));
        foreach (var condition in query.Conditions)
        {
            Declared(schema, condition.Field);
            Value(condition.Field, condition.Value);
        }

        if (query.Sort is { } sort)
        {
            Declared(schema, sort);
        }

        if (query.Search?.Length > MaxSearchLength)
        {
            throw new ArgumentException($"A search has at most {MaxSearchLength} characters.", nameof(query));
        }

        StrictUtf8.Measure(query.Search, "The search");
        StrictUtf8.Measure(query.IdFrom, "The first id");
        StrictUtf8.Measure(query.IdTo, "The last id");
    }

    /// <exception cref="ArgumentException">The value is not of the field's kind.</exception>
    public static void Value(ViewField field, object value)
    {
        var fits = field.Kind switch
        {
            ViewFieldKind.Number => value is decimal,
            ViewFieldKind.Boolean => value is bool,
            _ => value is string,
        };
        if (!fits)
        {
            throw new ArgumentException($"The field '{field.Name}' is of kind {field.Kind}.", nameof(value));
        }

        StrictUtf8.Measure(value as string, "The value");
    }

    private static void Declared(ViewSchema schema, ViewField field)
    {
        if (schema.Field(field.Name) is null)
        {
            throw new ArgumentException($"The view has no field '{field.Name}'.", nameof(field));
        }
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameLength && name.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));
}
