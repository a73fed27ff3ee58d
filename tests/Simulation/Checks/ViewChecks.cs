using System.Text;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Projections;
using Loire.Queries;
using Loire.Serialization;
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
        var views = new List<(ViewSchema View, long Position, Dictionary<string, string> Documents)>();
        var registry = cluster.Services.GetRequiredService<ViewRegistry>();
        foreach (var view in registry.All)
        {
            views.Add((view, await live.Views.Checkpoint(registry.SubscriptionOf(view), partition: 0), await Documents(live.Views, view)));
        }

        var services = new ServiceCollection().AddInMemoryStore().AddSingleton<IGrainFactory>(cluster.Client);
        services.AddSingleton<EventCatalog>();
        loire(new LoireBuilder(services));
        await using var fresh = services.BuildServiceProvider();
        var violations = new List<string>();
        foreach (var (view, position, found) in views)
        {
            var expected = await Fold(fresh, view, [.. log.TakeWhile(e => e.Position <= position)]);
            violations.AddRange(expected.Keys.Union(found.Keys).Order(StringComparer.Ordinal)
                .Where(id => expected.GetValueOrDefault(id) != found.GetValueOrDefault(id))
                .Select(id => $"{view.Name}/{id} is {found.GetValueOrDefault(id) ?? "missing"}, and the log gives {expected.GetValueOrDefault(id) ?? "none"}"));
        }

        return violations;
    }

    private static async Task<Dictionary<string, string>> Fold(IServiceProvider fresh, ViewSchema view, IReadOnlyList<RecordedEvent> events)
    {
        var subscription = ProjectionHandler.Subscribe(fresh.GetServices<Projection>().Single(p => p.Views.Any(v => v.StoreName == view.StoreName)), fresh);
        var store = fresh.GetRequiredService<IViewStore>();
        var handler = subscription.NewHandler();
        await handler.Prepare(CancellationToken.None);
        var changes = await handler.Handle([.. events.Where(e => subscription.Wants(e, partition: 0))], CancellationToken.None);
        await store.Commit(new CheckpointMove(subscription.Name, 0, 0, events.Count), changes);
        return await Documents(store, view);
    }

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
