using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Projections;

/// <summary>Applies events to one partition of one generation of a projection, and says what they change.</summary>
internal sealed class ProjectionFold(Projection projection, EventCatalog catalog, IViewStore store, SessionScope scope)
    : ISubscriptionHandler
{
    private readonly ViewSession _session = new(store, projection.Tables, scope);

    /// <summary>The name under which the generation's checkpoints are kept.</summary>
    public string CheckpointName { get; } = projection.View.InGeneration(scope.Generation).StoreName;

    /// <summary>Where the generation's main documents are kept.</summary>
    public ViewSchema Table { get; } = scope.Of(projection.View);

    public SessionScope Scope => scope;

    /// <summary>Makes the tables ready for use and forgets what was remembered of them.</summary>
    public async Task Prepare(CancellationToken cancellation)
    {
        _session.Forget();
        foreach (var schema in _session.Schemas)
        {
            await store.Define(schema, cancellation);
        }
    }

    /// <summary>Nothing has been written to its tables yet.</summary>
    public void StartsEmpty() => _session.StartsEmpty();

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        _session.Begin(cancellation);
        foreach (var recorded in events)
        {
            await Apply(recorded);
        }

        return _session.Changes();
    }

    private async Task Apply(RecordedEvent recorded)
    {
        try
        {
            await projection.Apply(_session, catalog.Decode(recorded), EventInfo.Of(recorded));
        }
        catch (Exception e) when (!Outage.Explains(e))
        {
            throw new EventFailedException(recorded, e);
        }
    }

    /// <summary>What was handled last is on disk, or will be before anything that is handled from now on.</summary>
    public void Committed() => _session.Committed();
}
