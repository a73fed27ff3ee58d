using System.Text;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Projections;
using Loire.Queries;
using Loire.Serialization;
using Loire.Subscriptions;
using Loire.Testing;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Checks;

/// <summary>Every view is what a fresh fold of the log gives, up to the position that the view has reached.</summary>
internal static class ViewChecks
{
    /// <param name="cluster">The cluster.</param>
    /// <param name="loire">Registers what it runs, once more.</param>
    public static async Task<IReadOnlyList<string>> Run(SimulatedCluster cluster, Action<LoireBuilder> loire)
    {
        // Views and log are read at one moment: the storage answers at once, so nobody else's turn comes between.
        await using var live = InMemoryStore.Open(cluster.Storage);
        var log = (await live.Log.ReadAll(0, LogFilter.All, int.MaxValue)).Events;
        var views = new List<FoundView>();
        foreach (var projection in cluster.Services.GetRequiredService<ViewRegistry>().Projections)
        {
            views.AddRange(await Read(live.Views, projection));
        }

        var services = new ServiceCollection().AddInMemoryStore().AddSingleton<IGrainFactory>(cluster.Client);
        services.AddSingleton<EventCatalog>();
        loire(new LoireBuilder(services));
        await using var fresh = services.BuildServiceProvider();
        var violations = new List<string>();
        foreach (var view in views)
        {
            var (name, found) = (view.Schema.Name, view.Documents);
            var expected = await Fold(fresh, view, log);
            violations.AddRange(expected.Keys.Union(found.Keys).Order(StringComparer.Ordinal)
                .Where(id => expected.GetValueOrDefault(id) != found.GetValueOrDefault(id))
                .Select(id => $"{name}/{id} is {found.GetValueOrDefault(id) ?? "missing"}, and the log gives {expected.GetValueOrDefault(id) ?? "none"}"));
        }

        return violations;
    }

    // The tables of the generation that people read, and how far each of its partitions has come.
    private static async Task<IReadOnlyList<FoundView>> Read(IViewStore store, Projection projection)
    {
        var number = (await new GenerationTable(store).Find(projection.View.Name, CancellationToken.None))?.Live.Number ?? 1;
        var generation = Generation.Of(projection, number);
        var positions = new List<long>();
        for (var partition = 0; partition < generation.Partitions; partition++)
        {
            positions.Add(await store.Checkpoint(generation.CheckpointName, partition));
        }

        var views = new List<FoundView>();
        foreach (var schema in projection.Views)
        {
            views.Add(new FoundView(projection.View, schema, positions, await Documents(store, schema.InGeneration(number))));
        }

        return views;
    }

    private static async Task<Dictionary<string, string>> Fold(IServiceProvider fresh, FoundView view, IReadOnlyList<RecordedEvent> log)
    {
        var projection = fresh.GetServices<Projection>().Single(p => p.View.StoreName == view.Main.StoreName);
        var subscription = ProjectionHandler.Subscribe(projection, fresh);
        var store = fresh.GetRequiredService<IViewStore>();
        for (var partition = 0; partition < view.Positions.Count; partition++)
        {
            // The tables of a projection change together: with the first of them, all are there.
            if (await store.Checkpoint(subscription.Name, partition) > 0)
            {
                continue;
            }

            var handler = (IGenerationHandler)subscription.NewHandler();
            handler.Assign(partition);
            await handler.Prepare(CancellationToken.None);
            var position = view.Positions[partition];
            var changes = await handler.Handle(
                [.. log.TakeWhile(e => e.Position <= position).Where(e => subscription.Wants(e, partition))], CancellationToken.None);
            await store.Commit(new CheckpointMove(subscription.Name, partition, 0, Math.Max(1, position)), changes);
        }

        return await Documents(store, view.Schema);
    }

    private sealed record FoundView(
        ViewSchema Main, ViewSchema Schema, IReadOnlyList<long> Positions, Dictionary<string, string> Documents);

    private static async Task<Dictionary<string, string>> Documents(IViewStore store, ViewSchema view)
    {
        await store.Define(view);
        var documents = new Dictionary<string, string>(StringComparer.Ordinal);
        var query = new ViewQuery { Limit = 1000 };
        do
        {
            var page = await store.Query(view, query);
            foreach (var item in page.Items)
            {
                documents.Add(item.Id, Encoding.UTF8.GetString(item.Json.Span));
            }

            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return documents;
    }
}
