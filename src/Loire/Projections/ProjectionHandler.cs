using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>Feeds a projection and commits what it changed together with the checkpoint.</summary>
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

    public async Task<bool> Handle(IReadOnlyList<RecordedEvent> events, CheckpointMove move, CancellationToken cancellation)
    {
        var committed = false;
        _session.Begin(cancellation);
        try
        {
            foreach (var recorded in events)
            {
                await projection.Apply(_session, catalog.Decode(recorded), EventInfo.Of(recorded));
            }

            committed = await store.Commit(move, _session.Changes());
        }
        finally
        {
            if (committed)
            {
                _session.Committed();
            }
            else
            {
                _session.Forget();
            }
        }

        return committed;
    }
}
