using System.Globalization;
using Loire.Commands;
using Loire.EventLog.Views;

namespace Loire.Queries;

/// <summary>Reads a query as it stands in a URL: <c>field=value</c>, <c>field.gte=value</c>, <c>q</c>, <c>sort</c>, <c>limit</c>, <c>cursor</c>.</summary>
public static class QueryText
{
    private static readonly Dictionary<string, Comparison> Comparisons = new(StringComparer.Ordinal)
    {
        [""] = Comparison.Equal,
        ["eq"] = Comparison.Equal,
        ["ne"] = Comparison.NotEqual,
        ["gt"] = Comparison.Greater,
        ["gte"] = Comparison.GreaterOrEqual,
        ["lt"] = Comparison.Less,
        ["lte"] = Comparison.LessOrEqual,
    };

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 1000;

    /// <summary>At most so many conditions on fields.</summary>
    public const int MaxConditions = 20;

    /// <summary>The longest value of a condition, and the longest search, in characters.</summary>
    public const int MaxValueLength = 500;

    /// <summary>The longest cursor, in characters.</summary>
    public const int MaxCursorLength = 4096;

    /// <returns>The query, and what is wrong with it (empty when it is good).</returns>
    public static (ViewQuery Query, IReadOnlyList<FieldError> Errors) Parse(
        ViewSchema view, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var query = new ViewQuery();
        var conditions = new List<ViewCondition>();
        var errors = new List<FieldError>();
        foreach (var (name, value) in parameters)
        {
            switch (name)
            {
                case "q":
                    Check(view.IsSearchable, name, "The view has no searchable fields.");
                    Check(value.Length <= MaxValueLength, name, $"A search has at most {MaxValueLength} characters.");
                    query = query with { Search = value };
                    break;
                case "limit":
                    var limit = ParseLimit(value);
                    Check(limit is not null, name, $"A whole number from 1 to {MaxLimit} is needed.");
                    query = query with { Limit = limit ?? 1 };
                    break;
                case "cursor":
                    Check(value.Length <= MaxCursorLength, name, "The cursor does not belong to this query.");
                    query = query with { Cursor = value };
                    break;
                case "sort":
                    var descending = value.StartsWith('-');
                    var field = descending ? value[1..] : value;
                    var sort = view.Field(field);
                    Check(sort is not null || field == "id", name, NoField(view, field));
                    query = query with { Sort = sort, Descending = descending };
                    break;
                default:
                    if (ParseCondition(view, name, value, out var problem) is { } condition)
                    {
                        Check(conditions.Count < MaxConditions, name, $"At most {MaxConditions} conditions are accepted.");
                        conditions.Add(condition);
                    }
                    else
                    {
                        errors.Add(new FieldError(name, problem));
                    }

                    break;
            }
        }

        return (query with { Conditions = conditions }, errors);

        void Check(bool holds, string field, string message)
        {
            if (!holds)
            {
                errors.Add(new FieldError(field, message));
            }
        }
    }

    /// <summary>1 to 1000, or <see langword="null"/> for anything else.</summary>
    public static int? ParseLimit(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit ? limit : null;

    /// <summary>A time as it stands in documents, so that text compares as time does.</summary>
    public static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    private static ViewCondition? ParseCondition(ViewSchema view, string name, string text, out string problem)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (fieldName, operation) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        if (view.Field(fieldName) is not { } field)
        {
            problem = NoField(view, fieldName);
            return null;
        }

        if (!Comparisons.TryGetValue(operation, out var comparison))
        {
            problem = $"'{operation}' is no comparison: eq, ne, gt, gte, lt and lte are.";
            return null;
        }

        if (text.Length > MaxValueLength)
        {
            problem = $"A value has at most {MaxValueLength} characters.";
            return null;
        }

        var value = ParseValue(field.Kind, text);
        problem = value is null ? $"'{text}' is no {field.Kind switch
        {
            ViewFieldKind.Number => "number",
            ViewFieldKind.Boolean => "true or false",
            ViewFieldKind.Time => "time as in RFC 3339",
            _ => "text",
        }}." : "";
        return value is null ? null : new ViewCondition(field, comparison, value);
    }

    private static string NoField(ViewSchema view, string name) =>
        $"The view has no field '{name}'. It has: {string.Join(", ", view.Fields.Select(f => f.Name))}.";

    private static object? ParseValue(ViewFieldKind kind, string text) => kind switch
    {
        ViewFieldKind.Number => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        ViewFieldKind.Boolean => bool.TryParse(text, out var boolean) ? boolean : null,
        ViewFieldKind.Time => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Text(time)
            : null,
        _ => text,
    };
}
