using System.Text;
using Loire.EventLog.Views;
using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>The WHERE of a query of a view, with its parameters.</summary>
internal sealed class ViewSql
{
    private readonly StringBuilder _where = new(" WHERE true");
    private readonly List<Func<NpgsqlParameter>> _values = [];

    private ViewSql()
    {
    }

    public string Where => _where.ToString();

    /// <summary>The conditions, the range of ids and the search of a query.</summary>
    public static ViewSql Matching(ViewSchema schema, ViewQuery query)
    {
        var sql = new ViewSql();
        foreach (var condition in query.Conditions)
        {
            sql.Add(ViewTable.Key(condition.Field), Operator(condition.Comparison), Value(condition.Value));
        }

        sql.AddRange(query.IdFrom, query.IdTo);
        sql.AddSearch(schema, query.Search);
        return sql;
    }

    /// <summary>What comes after a cursor. A missing value comes before all others, and so last in descending order.</summary>
    public void After(ViewCursor cursor, ViewQuery query)
    {
        var id = Parameter(() => Parameters.OfText(cursor.Id));
        if (query.Sort is null)
        {
            Add(query.Descending ? $"id < {id}" : $"id > {id}");
            return;
        }

        var key = ViewTable.Key(query.Sort);
        if (cursor.Value is null)
        {
            Add(query.Descending ? $"{key} IS NULL AND id > {id}" : $"({key} IS NOT NULL OR id > {id})");
            return;
        }

        Check(query.Sort, cursor.Value);
        var value = $"{Parameter(() => Parameters.Of(cursor.Value))}::{ViewTable.Type(query.Sort)}";
        Add(query.Descending
            ? $"({key} < {value} OR {key} IS NULL OR ({key} = {value} AND id > {id}))"
            : $"({key}, id) > ({value}, {id})");
    }

    public static string Order(ViewQuery query) =>
        query.Sort is null
            ? $" ORDER BY id{(query.Descending ? " DESC" : "")}"
            : $" ORDER BY {ViewTable.Key(query.Sort)} {(query.Descending ? "DESC NULLS LAST" : "NULLS FIRST")}, id";

    /// <summary>
    /// Whether somebody goes through all pages in the order of an index. The server does not know that they will all be read;
    /// without fresh statistics it likes to collect and sort all that is left for each of them.
    /// </summary>
    public static bool IsInOrder(ViewSchema schema, ViewQuery query)
    {
        if (query.CountTotal || SearchWords.Of(query.Search).Count > 0)
        {
            return false;
        }

        var found = query.Conditions.Where(c => c.Comparison == Comparison.Equal && IsIndexed(c.Field)).Select(c => c.Field.Name);
        return query.Sort is { } sort
            ? !query.Descending && IsIndexed(sort) && found.All(name => name == sort.Name)
            : query.Conditions.Count == 0 || found.Any();

        bool IsIndexed(ViewField field) => schema.Field(field.Name)!.Indexed;
    }

    /// <summary>New parameters with the values.</summary>
    public IEnumerable<NpgsqlParameter> NewParameters() => _values.Select(make => make());

    /// <summary>A value as the key of its field compares.</summary>
    public static NpgsqlParameter Value(object value) => value switch
    {
        string text => Parameters.Of(ViewRows.Key(text)),
        bool flag => Parameters.Of(flag),
        decimal number => Parameters.Of(number),
        _ => throw new ArgumentException($"A field has no values of type {value.GetType().Name}.", nameof(value)),
    };

    private void Add(string key, string comparison, NpgsqlParameter value) =>
        Add($"{key} {comparison} {Parameter(() => value.Clone())}");

    private void AddRange(string? from, string? to)
    {
        if (from is not null)
        {
            Add($"id >= {Parameter(() => Parameters.OfText(from))}");
        }

        if (to is not null)
        {
            Add($"id <= {Parameter(() => Parameters.OfText(to))}");
        }
    }

    // Every word must be the beginning of one of the document's.
    private void AddSearch(ViewSchema schema, string? search)
    {
        var words = SearchWords.Of(search);
        if (words.Count > 0)
        {
            var pattern = Parameter(() => Parameters.Of(string.Join(" & ", words.Select(word => $"'{word}':*"))));
            Add(schema.IsSearchable ? $"words @@ {pattern}::tsquery" : $"{pattern} IS NULL");
        }
    }

    private void Add(string condition) => _where.Append(" AND ").Append(condition);

    private string Parameter(Func<NpgsqlParameter> make)
    {
        _values.Add(make);
        return $"${_values.Count}";
    }

    // Whoever makes up a cursor gets no further than here.
    private static void Check(ViewField field, string value)
    {
        var fits = field.Kind switch
        {
            ViewFieldKind.Number => value.Length is > 0 and < 300 && value.All(c => char.IsAsciiDigit(c) || c is '-' or '.'),
            ViewFieldKind.Boolean => value is "true" or "false",
            _ => !value.Contains('\0'),
        };
        if (!fits)
        {
            throw new InvalidCursorException("The cursor does not belong to this query.");
        }
    }

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        // A document without the field differs from any value.
        Comparison.NotEqual => "IS DISTINCT FROM",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "No such comparison."),
    };
}
