using System.Text.Json;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>Handles events as a subscription does, on a store in memory, and reads the documents.</summary>
internal static class ProjectionRun
{
    /// <exception cref="SpecificationException">The projection throws, or waits for something else than its documents.</exception>
    public static SortedDictionary<string, JsonElement> Of(Projection projection, IReadOnlyList<HappenedEvent> events, int batch)
    {
        var store = InMemoryStore.Open().Views;
        var catalog = new EventCatalog(
            events.GroupBy(e => e.Stream.Aggregate).Select(g => new EventCodec(g.Key, g.First().Root)));
        RecordedEvent[] wanted = [.. Recorded(events, catalog).Where((_, i) => projection.EventTypes.Contains(events[i].Event.GetType()))];
        for (var partition = 0; partition < projection.Partitions; partition++)
        {
            var position = 0L;
            foreach (var chunk in wanted.Chunk(batch))
            {
                // Each batch by a handler of its own, as after a restart: what it needs to know must be in its documents.
                var handler = new ProjectionHandler(projection, catalog, store);
                handler.Assign(partition);
                Completed(handler.Prepare(CancellationToken.None));
                var handling = handler.Handle(chunk, CancellationToken.None);
                Completed(handling);
                var move = new CheckpointMove(projection.View.StoreName, partition, position, chunk[^1].Position);
                Completed(store.Commit(move, handling.GetAwaiter().GetResult()));
                position = chunk[^1].Position;
            }
        }

        return Read(store, projection.View);
    }

    private static List<RecordedEvent> Recorded(IReadOnlyList<HappenedEvent> events, EventCatalog catalog)
    {
        var versions = new Dictionary<StreamName, long>();
        return [.. events.Select((e, i) => StoredForm.Record(
            catalog.Codec(e.Stream.Aggregate).Encode(e.Event, e.OccurredAt, e.Metadata),
            e.Stream,
            versions[e.Stream] = versions.GetValueOrDefault(e.Stream) + 1,
            i + 1))];
    }

    private static SortedDictionary<string, JsonElement> Read(IViewStore store, ViewSchema view)
    {
        Completed(store.Define(view));
        var documents = new SortedDictionary<string, JsonElement>(CodePoints.Order);
        var query = new ViewQuery { Limit = 1000, CountTotal = false };
        do
        {
            var reading = store.Query(view, query);
            Completed(reading);
            var page = reading.GetAwaiter().GetResult();
            foreach (var item in page.Items)
            {
                documents.Add(item.Id, JsonElement.Parse(item.Json.Span));
            }

            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return documents;
    }

    // The store answers at once, so whoever does not is waiting for something else.
    private static void Completed(Task task)
    {
        if (!task.IsCompleted)
        {
            throw new SpecificationException("The projection waits for something that is not one of its documents.");
        }

        if (task.IsFaulted)
        {
            var cause = FailurePolicy.CauseOf(task.Exception.InnerException!);
            throw new SpecificationException($"The projection threw {cause.GetType().Name}: {cause.Message}", cause);
        }
    }
}
