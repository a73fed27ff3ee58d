using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Serialization;
using Loire.Subscriptions;

namespace Loire.Processes;

/// <summary>
/// Hands events to the instances that they concern: to each in log order, to different ones beside each other. An instance
/// knows what it has handled, so repetitions are harmless.
/// </summary>
internal sealed class ProcessTrigger(ProcessManager process, EventCatalog catalog, IGrainFactory grains) : ISubscriptionHandler
{
    private const int MaxConcurrency = 128;

    private readonly SemaphoreSlim _places = new(MaxConcurrency);

    public static SubscriptionDefinition Subscribe(ProcessManager process, StartFrom startFrom, EventCatalog catalog, IGrainFactory grains) => new(
        $"{process.Type}-trigger",
        Kind: "process-trigger",
        Partitions: 1,
        new LogFilter { Types = [.. process.Definition.Correlations.Keys.Where(catalog.IsRegistered).SelectMany(catalog.NamesOf)] },
        () => new ProcessTrigger(process, catalog, grains))
    {
        DeclaredBy = process.GetType().Name,
        StartFrom = startFrom,
    };

    public Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<DocumentChange>> Handle(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        var concerned = events.Select(e => (Id: Guarded(e, () => InstanceOf(e)), Event: e)).Where(e => e.Id is not null);
        await Task.WhenAll(concerned.GroupBy(e => e.Id!).Select(ofOne => HandOver(ofOne.Key, ofOne.Select(e => e.Event), cancellation)));
        return [];
    }

    public void Committed()
    {
        // Processes record by themselves what they were told.
    }

    private string? InstanceOf(RecordedEvent recorded)
    {
        var e = catalog.Decode(recorded);
        var id = process.Definition.Correlations[e.GetType()](e, EventInfo.Of(recorded));
        return id is null || StreamName.IsValidId(id)
            ? id
            : throw new InvalidOperationException($"Event {recorded.Position} ({recorded.Type}) concerns no valid id of a {process.Type}.");
    }

    private async Task HandOver(string id, IEnumerable<RecordedEvent> events, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            var grain = grains.GetGrain<IProcessGrain>(GrainId.Create(process.Type, id));
            foreach (var e in events)
            {
                await Guarded(e, () => grain.Handle(new ProcessDelivery(e)));
            }
        }
        finally
        {
            _places.Release();
        }
    }

    // An outage is no fault of the event, and goes on as it is.
    private static T Guarded<T>(RecordedEvent recorded, Func<T> handle)
    {
        try
        {
            return handle();
        }
        catch (Exception e) when (!Outage.Explains(e))
        {
            throw new EventFailedException(recorded, e);
        }
    }

    private static async Task Guarded(RecordedEvent recorded, Func<Task> handle)
    {
        try
        {
            await handle();
        }
        catch (Exception e) when (!Outage.Explains(e))
        {
            throw new EventFailedException(recorded, e);
        }
    }
}
