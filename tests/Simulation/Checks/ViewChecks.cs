using System.Text;
using Commerce;
using Loire.EventLog.Views;
using Loire.Hosting;
using Loire.Queries;
using Loire.Serialization;
using Loire.Subscriptions;
using Loire.Testing;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Checks;

/// <summary>Every view is what a fresh fold of the log gives.</summary>
internal static class ViewChecks
{
    public static async Task<IReadOnlyList<string>> Run(Facts facts, SimulatedCluster cluster)
    {
        var services = new ServiceCollection().AddInMemoryStore().AddSingleton<IGrainFactory>(cluster.Client);
        services.AddSingleton<EventCatalog>();
        new LoireBuilder(services).AddCommerce();
        await using var fresh = services.BuildServiceProvider();
        foreach (var subscription in fresh.GetServices<SubscriptionDefinition>().Where(s => s.Kind == "projection"))
        {
            var handler = subscription.NewHandler();
            await handler.Prepare(CancellationToken.None);
            var wanted = facts.All.Where(e => subscription.Wants(e, partition: 0)).ToList();
            var changes = await handler.Handle(wanted, CancellationToken.None);
            await fresh.GetRequiredService<IViewStore>().Commit(new CheckpointMove(subscription.Name, 0, 0, facts.All.Count), changes);
        }

        var violations = new List<string>();
        await using var live = InMemoryStore.Open(cluster.Storage);
        foreach (var view in cluster.Services.GetRequiredService<ViewRegistry>().All)
        {
            var expected = await Documents(fresh.GetRequiredService<IViewStore>(), view);
            var found = await Documents(live.Views, view);
            violations.AddRange(expected.Keys.Union(found.Keys).Order(StringComparer.Ordinal)
                .Where(id => expected.GetValueOrDefault(id) != found.GetValueOrDefault(id))
                .Select(id => $"{view.Name}/{id} is {found.GetValueOrDefault(id) ?? "missing"}, and the log gives {expected.GetValueOrDefault(id) ?? "none"}"));
        }

        return violations;
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
