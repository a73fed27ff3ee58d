using System.Globalization;
using System.Text.Json;
using Loire.EventLog.Views;

namespace Loire.Queries;

/// <summary>Which documents of a view to read, and in which order. Members go by their names in C#, as <c>nameof</c> gives them.</summary>
/// <typeparam name="TView">The document.</typeparam>
public sealed class ViewSelection<TView>
    where TView : class
{
    private readonly ViewSchema _view;

    internal ViewSelection(ViewSchema view, ViewQuery query)
    {
        _view = view;
        Query = query;
    }

    internal ViewQuery Query { get; }

    /// <summary>Those whose member has a value.</summary>
    /// <exception cref="ArgumentException">The member is not declared, or of another kind than the value.</exception>
    public ViewSelection<TView> Where(string member, object value) => Where(member, Comparison.Equal, value);

    /// <summary>Those whose member compares so. All conditions must hold.</summary>
    /// <exception cref="ArgumentException">The member is not declared, or of another kind than the value.</exception>
    public ViewSelection<TView> Where(string member, Comparison comparison, object value) =>
        With(Query with { Conditions = [.. Query.Conditions, new ViewCondition(Field(member), comparison, Value(value))] });

    /// <summary>Those that have words in searchable members which begin with these; all, if there are none.</summary>
    public ViewSelection<TView> Search(string? words) => With(Query with { Search = words });

    /// <exception cref="ArgumentException">The member is not declared.</exception>
    public ViewSelection<TView> OrderBy(string member) => With(Query with { Sort = Field(member), Descending = false });

    /// <exception cref="ArgumentException">The member is not declared.</exception>
    public ViewSelection<TView> OrderByDescending(string member) => With(Query with { Sort = Field(member), Descending = true });

    /// <param name="limit">1 to 1000 documents.</param>
    /// <param name="cursor"><see cref="Page{T}.Next"/> of the page before.</param>
    public ViewSelection<TView> Page(int limit, string? cursor = null) => With(Query with { Limit = limit, Cursor = cursor });

    private ViewSelection<TView> With(ViewQuery query) => new(_view, query);

    private ViewField Field(string member) => _view.Field(JsonNamingPolicy.CamelCase.ConvertName(member))
        ?? throw new ArgumentException(
            $"'{member}' of {typeof(TView).Name} is not declared. Declared are: {string.Join(", ", _view.Fields.Select(f => f.Name))}.",
            nameof(member));

    // As it stands in documents.
    private static object Value(object value) => value switch
    {
        string or bool or decimal => value,
        DateTimeOffset time => QueryText.Text(time),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Enum constant => JsonNamingPolicy.CamelCase.ConvertName(constant.ToString()),
        int or long or double => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"No field has values of type {value.GetType().Name}.", nameof(value)),
    };
}
