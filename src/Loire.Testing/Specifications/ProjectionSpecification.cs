using System.Text.Json;
using Loire.EventLog;
using Loire.Projections;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>
/// The documents that a projection makes of events. Events are handled twice, each in a batch of its own and all in one
/// batch: the documents must be the same, because nobody knows how they will come.
/// </summary>
/// <typeparam name="TView">The document.</typeparam>
public sealed class ProjectionSpecification<TView>
    where TView : class
{
    private readonly Projection<TView> _projection;
    private readonly List<HappenedEvent> _events = [];
    private EventMetadata _metadata = EventMetadata.None;
    private DateTimeOffset _now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private IReadOnlyDictionary<string, JsonElement>? _documents;

    internal ProjectionSpecification(Projection<TView> projection) => _projection = projection;

    /// <summary>When the events that follow happen; noon on 1 January 2030, UTC, unless it is said.</summary>
    public ProjectionSpecification<TView> At(DateTimeOffset time)
    {
        _now = time;
        return this;
    }

    /// <summary>Who and what led to the events that follow; nobody and nothing unless it is said.</summary>
    public ProjectionSpecification<TView> With(EventMetadata cause)
    {
        _metadata = cause;
        return this;
    }

    /// <summary>These events have happened to an aggregate.</summary>
    /// <param name="id">The aggregate's id.</param>
    /// <param name="happened">In order. <c>OrderEvent</c>s happen to an <c>order</c>.</param>
    public ProjectionSpecification<TView> Given(string id, params IReadOnlyList<object> happened)
    {
        _events.AddRange(happened.Select(e => new HappenedEvent(HappenedEvent.StreamOf(e, id), e, _now, _metadata)));
        _documents = null;
        return this;
    }

    /// <summary>Then these: the same as <see cref="Given(string, IReadOnlyList{object})"/>, for those that the specification is about.</summary>
    public ProjectionSpecification<TView> When(string id, params IReadOnlyList<object> happened) => Given(id, happened);

    /// <summary>There is a document, and it is this.</summary>
    /// <exception cref="SpecificationException">There is none, or it is another.</exception>
    public ProjectionSpecification<TView> ThenDocument(string id, TView expected)
    {
        var json = JsonSerializer.SerializeToElement(expected, LoireJson.Stored);
        var actual = Documents.TryGetValue(id, out var found) ? (JsonElement?)found : null;
        var difference = actual is { } document ? Difference.Between(id, json, document) : $"{id}: there is no such document";
        return difference is null
            ? this
            : throw Failure("The document is not the one that was expected.", new Named(id, json)).With("difference", difference).ToException();
    }

    /// <summary>There is no document of this id: there never was one, or it has been deleted.</summary>
    /// <exception cref="SpecificationException">There is one.</exception>
    public ProjectionSpecification<TView> ThenNoDocument(string id) => Documents.ContainsKey(id)
        ? throw Failure("There is a document that should not be there.", $"no document {id}").ToException()
        : this;

    /// <summary>These are all documents of the view.</summary>
    /// <exception cref="SpecificationException">There are others.</exception>
    public ProjectionSpecification<TView> ThenDocuments(params IReadOnlyList<string> ids) =>
        Documents.Keys.Order(CodePoints.Order).SequenceEqual(ids.Order(CodePoints.Order))
            ? this
            : throw Failure("The documents are not those that were expected.", ids).ToException();

    private IReadOnlyDictionary<string, JsonElement> Documents => _documents ??= Run();

    private IReadOnlyDictionary<string, JsonElement> Run()
    {
        var oneByOne = ProjectionRun.Of(_projection, _events, batch: 1);
        var together = ProjectionRun.Of(_projection, _events, batch: int.MaxValue);
        if (Difference.Between("documents", Show(oneByOne), Show(together)) is { } difference)
        {
            throw new Report("The documents depend on how the events are put into batches.")
                .With("when", _events)
                .With("expected, one by one", Lines(oneByOne))
                .With("got, all in one batch", Lines(together))
                .With("difference", difference)
                .ToException();
        }

        return oneByOne;
    }

    private static JsonElement Show(IReadOnlyDictionary<string, JsonElement> all) => JsonSerializer.SerializeToElement(all, LoireJson.Stored);

    private static IEnumerable<object> Lines(IReadOnlyDictionary<string, JsonElement> all) => all.Select(d => new Named(d.Key, d.Value));

    private Report Failure(string headline, params IEnumerable<object> expected) =>
        new Report(headline).With("when", _events).With("expected", expected).With("got", Lines(Documents));
}
