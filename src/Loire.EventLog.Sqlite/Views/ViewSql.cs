using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>The WHERE of a query of a view, with the values of its parameters in their order.</summary>
internal sealed class ViewSql
{
    private readonly StringBuilder _where = new(" WHERE 1");
    private readonly List<Action<Statement, int>> _values = [];

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
            sql.Add(
                $"{ViewTable.Column(condition.Field)} {Operator(condition.Comparison)} ?",
                (statement, index) => FieldValue.Bind(statement, index, condition.Value));
        }

        sql.AddRange(query);
        sql.AddSearch(schema, query.Search);
        return sql;
    }

    /// <summary>What comes after a cursor. A missing value comes before all others, and so last in descending order.</summary>
    public void After(ViewCursor cursor, ViewQuery query)
    {
        Action<Statement, int> id = (statement, index) => statement.Bind(index, cursor.Id);
        if (query.Sort is null)
        {
            Add(query.Descending ? "id < ?" : "id > ?", id);
            return;
        }

        var column = ViewTable.Column(query.Sort);
        if (cursor.Value is null)
        {
            Add(query.Descending ? $"{column} IS NULL AND id > ?" : $"({column} IS NOT NULL OR id > ?)", id);
            return;
        }

        Action<Statement, int> value = (statement, index) => FieldValue.BindWritten(statement, index, cursor.Value);
        if (query.Descending)
        {
            Add($"({column} < ? OR {column} IS NULL OR ({column} = ? AND id > ?))", value, value, id);
        }
        else
        {
            // Two conditions, so that the first one can begin in the index where the page before ended.
            Add($"{column} >= ?", value);
            Add($"({column} > ? OR id > ?)", value, id);
        }
    }

    public static string Order(ViewQuery query)
    {
        var direction = query.Descending ? " DESC" : "";
        return query.Sort is null ? $" ORDER BY id{direction}" : $" ORDER BY {ViewTable.Column(query.Sort)}{direction}, id";
    }

    /// <summary>Binds all values.</summary>
    /// <returns>The index of the parameter that follows.</returns>
    public int Bind(Statement statement)
    {
        for (var i = 0; i < _values.Count; i++)
        {
            _values[i](statement, i + 1);
        }

        return _values.Count + 1;
    }

    // Where a cursor follows, the page begins there and not where the range does: the plus keeps that from the index.
    private void AddRange(ViewQuery query)
    {
        var id = query.Cursor is null ? "id" : "+id";
        if (query.IdFrom is { } from)
        {
            Add(query.Descending ? "id >= ?" : $"{id} >= ?", (statement, index) => statement.Bind(index, from));
        }

        if (query.IdTo is { } to)
        {
            Add(query.Descending ? $"{id} <= ?" : "id <= ?", (statement, index) => statement.Bind(index, to));
        }
    }

    // Every word must be the beginning of one of the document's.
    private void AddSearch(ViewSchema schema, string? search)
    {
        var words = SearchWords.Of(search);
        if (words.Count > 0 && schema.IsSearchable)
        {
            Add(SearchTable.Condition(schema), (statement, index) => statement.Bind(index, SearchTable.Expression(words)));
        }
        else if (words.Count > 0)
        {
            Add("0");
        }
    }

    private void Add(string condition, params Action<Statement, int>[] parameters)
    {
        _where.Append(" AND ").Append(condition);
        _values.AddRange(parameters);
    }

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        // A document without the field differs from any value.
        Comparison.NotEqual => "IS NOT",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "No such comparison."),
    };
}
