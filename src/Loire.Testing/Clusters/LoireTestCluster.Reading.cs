using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Serialization;
using Microsoft.Extensions.Options;

namespace Loire.Testing;

/// <summary>What a test reads of a cluster.</summary>
public sealed partial class LoireTestCluster
{
    /// <summary>The events of an aggregate, decoded.</summary>
    public async Task<IReadOnlyList<object>> EventsOf(string aggregate, string id)
    {
        var catalog = _registered.Events;
        return [.. (await _store.Log.Load(new StreamName(aggregate, id))).Select(catalog.Decode)];
    }

    /// <summary>The state of an aggregate as its events say, not as its grain does.</summary>
    /// <exception cref="SpecificationException">No aggregate of this type is registered.</exception>
    public async Task<JsonElement> StateOf(string aggregate, string id) =>
        _registered.Aggregates.TryGet(aggregate, out var definition)
            ? definition.Fold(await _store.Log.Load(new StreamName(aggregate, id)))
            : throw new SpecificationException($"No aggregate '{aggregate}' is registered.");

    /// <summary>A document of a view that has seen everything that is in the log now; <see langword="null"/> if there is none.</summary>
    /// <exception cref="SpecificationException">There is no such view, or it did not catch up within the limit.</exception>
    public async Task<JsonElement?> View(string view, string id)
    {
        var schema = SchemaOf(view);
        await Reached(_registered.Views.SubscriptionOf(schema));
        return await Reader.Find(schema, id, CancellationToken.None) is { } document ? JsonElement.Parse(document.Json.Span) : null;
    }

    /// <summary>As <see cref="View(string, string)"/>, as the type that the projection writes.</summary>
    /// <exception cref="SpecificationException">There is no such view, or it did not catch up within the limit.</exception>
    public async Task<TView?> View<TView>(string view, string id)
        where TView : class =>
        (await View(view, id))?.Deserialize<TView>(LoireJson.Stored);

    // A reader of its own, so that nothing it remembers is older than this test's last step.
    private ViewReader Reader =>
        new(Views, Grains, _registered.Views, _options.Time, Options.Create(new QueryOptions { CacheBytes = 0 }));

    /// <summary>What the store needs to know of a view.</summary>
    /// <exception cref="SpecificationException">There is no such view.</exception>
    public ViewSchema SchemaOf(string view) => _registered.Views.TryGet(view, out var schema)
        ? schema
        : throw new SpecificationException($"No view '{view}' is registered.");
}
