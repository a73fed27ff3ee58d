using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Refuses queries that go beyond what a view declares.</summary>
internal static class ViewCheck
{
    public const int MaxLimit = 1000;
    public const int MaxSearchLength = 500;

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
}
