using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>Where a document stands in the order of a query.</summary>
/// <param name="Value">What it is sorted by; <see langword="null"/> if it has none.</param>
/// <param name="Id">Its id, which decides ties.</param>
internal sealed record ViewPlace(FieldValue? Value, string Id)
{
    public ViewCursor ToCursor() => new(Value?.Write(), Id);
}

/// <summary>The order of a query: a missing value comes before all others; ties are in order of ids, ascending either way.</summary>
internal sealed class ViewOrder(ViewQuery query) : IComparer<ViewPlace>
{
    public ViewPlace PlaceOf(string id, JsonElement document) =>
        new(query.Sort is null ? null : FieldValue.In(document, query.Sort), id);

    /// <exception cref="InvalidCursorException">The cursor was not made for this order.</exception>
    public ViewPlace? PlaceOf(ViewCursor? cursor) => cursor is null
        ? null
        : new ViewPlace(query.Sort is null || cursor.Value is null ? null : FieldValue.Read(cursor.Value, query.Sort.Kind), cursor.Id);

    public int Compare(ViewPlace? x, ViewPlace? y)
    {
        var ids = CodePoints.Order.Compare(x!.Id, y!.Id);
        var values = Comparer<FieldValue?>.Default.Compare(x.Value, y.Value);
        return query.Sort is null ? Directed(ids) : values != 0 ? Directed(values) : ids;
    }

    private int Directed(int order) => query.Descending ? -order : order;
}
