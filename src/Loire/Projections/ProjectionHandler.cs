using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>Feeds a projection and says what it has changed.</summary>
internal sealed class ProjectionHandler(Projection projection, EventCatalog catalog, IViewStore store) : ISubscriptionHandler
{
    private readonly ViewSession _session = new(store);

    public static SubscriptionDefinition Subscribe(Projection projection, EventCatalog catalog, IViewStore store) => new(
        projection.View.StoreName,
        Kind: "projection",
        Partitions: 1,
        new LogFilter { Types = [.. projection.EventTypes.SelectMany(catalog.NamesOf)] },
        () => new ProjectionHandler(projection, catalog, store));

    public async Task Prepare(CancellationToken cancellation)
    {
        _session.Forget();
        foreach (var schema in projection.Schemas)
        {
            await store.Define(schema, cancellation);
        }
    }

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        _session.Begin(cancellation);
        foreach (var recorded in events)
        {
            await projection.Apply(_session, catalog.Decode(recorded), EventInfo.Of(recorded));
        }

        return _session.Changes();
    }

    public void Committed() => _session.Committed();
}
