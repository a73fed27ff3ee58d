using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>The documents of one view, in order of their ids. To be used under the storage's lock.</summary>
internal sealed class InMemoryView
{
    private readonly SortedDictionary<string, (byte[] Json, JsonElement Root)> _documents = new(CodePoints.Order);

    public void Put(string id, byte[] json, JsonElement root) => _documents[id] = (json, root);

    public void Delete(string id) => _documents.Remove(id);

    public ViewDocument? Find(string id) => _documents.TryGetValue(id, out var document) ? new ViewDocument(id, document.Json) : null;

    public IReadOnlyList<ViewDocument> FindBy(ViewField field, object value)
    {
        var wanted = FieldValue.Of(value);
        return [.. _documents.Where(d => FieldValue.In(d.Value.Root, field) == wanted).Select(d => new ViewDocument(d.Key, d.Value.Json))];
    }

    public ViewPage Query(ViewSchema schema, ViewQuery query, long position)
    {
        var order = new ViewOrder(query);
        var words = SearchWords.Of(query.Search);
        var matching = _documents
            .Where(d => query.IdFrom is null || CodePoints.Order.Compare(d.Key, query.IdFrom) >= 0)
            .Where(d => query.IdTo is null || CodePoints.Order.Compare(d.Key, query.IdTo) <= 0)
            .Where(d => query.Conditions.All(condition => Holds(condition, FieldValue.In(d.Value.Root, condition.Field))))
            .Where(d => words.Count == 0 || IsFound(words, DocumentFields.Of(schema, d.Key, d.Value.Json).Words))
            .Select(d => (Place: order.PlaceOf(d.Key, d.Value.Root), d.Value.Json))
            .OrderBy(row => row.Place, order)
            .ToList();
        var after = order.PlaceOf(ViewCursor.Decode(schema, query));
        var rest = matching.SkipWhile(row => after is not null && order.Compare(row.Place, after) <= 0).ToList();
        var page = rest.Take(query.Limit).ToList();
        var next = rest.Count > page.Count ? page[^1].Place.ToCursor().Encode(schema, query) : null;
        return new ViewPage(
            [.. page.Select(row => new ViewDocument(row.Place.Id, row.Json))], query.CountTotal ? matching.Count : null, next, position);
    }

    private static bool IsFound(IEnumerable<string> words, IReadOnlyList<string> found) =>
        words.All(word => found.Any(each => each.StartsWith(word, StringComparison.Ordinal)));

    // Nothing can be said of a missing value but that it differs.
    private static bool Holds(ViewCondition condition, FieldValue? value)
    {
        if (value is null)
        {
            return condition.Comparison == Comparison.NotEqual;
        }

        var order = value.CompareTo(FieldValue.Of(condition.Value));
        return condition.Comparison switch
        {
            Comparison.Equal => order == 0,
            Comparison.NotEqual => order != 0,
            Comparison.Greater => order > 0,
            Comparison.GreaterOrEqual => order >= 0,
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            _ => throw new NotSupportedException($"No such comparison: {condition.Comparison}"),
        };
    }
}
