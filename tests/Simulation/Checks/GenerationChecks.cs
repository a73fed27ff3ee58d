using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Queries;
using Loire.Simulation.Workload;
using Loire.Testing;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Checks;

/// <summary>
/// When all rebuilds have ended, each view has one generation, the one that its last rebuild says, and of the others nothing is
/// left: no table, no checkpoint.
/// </summary>
internal static class GenerationChecks
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<string>> Run(Simulator simulator, SimulatedCluster cluster, Rebuilder rebuilder)
    {
        // Old documents are kept for a while.
        await using var store = InMemoryStore.Open(cluster.Storage);
        var projections = cluster.Services.GetRequiredService<ViewRegistry>().Projections;
        var violations = new List<string>();
        for (var until = simulator.Now + Limit; ; await simulator.Delay(TimeSpan.FromSeconds(1)))
        {
            violations.Clear();
            foreach (var projection in projections)
            {
                violations.AddRange(await Run(store.Views, projection));
            }

            if (violations.Count == 0 || simulator.Now > until)
            {
                return [.. rebuilder.Positions.Violations, .. rebuilder.Violations, .. violations];
            }
        }
    }

    private static async Task<IEnumerable<string>> Run(IViewStore store, Projection projection)
    {
        var view = projection.View.Name;
        if (await new GenerationTable(store).Find(view, CancellationToken.None) is not { } known)
        {
            return [];
        }

        var plan = await new RebuildTable(store).Find(view, CancellationToken.None);
        var violations = new List<string>();

        // One that was begun for a plan that could not be written down waits for the next one; nothing has been written to it.
        var isFilled = known.Next is not null && known.BegunFor <= (plan?.Revision ?? 0);
        if (isFilled || known.TakingOver || known.Retired.Length > 0)
        {
            violations.Add($"{view} still has generations {known.Next} and {string.Join(", ", known.Retired.Select(r => r.Generation.Number))} beside {known.Live.Number}");
        }

        if (plan is not null && (plan.State == RebuildState.Completed) != (plan.Generation == known.Live.Number))
        {
            violations.Add($"the rebuild of {view} as generation {plan.Generation} is {plan.State}, and {known.Live.Number} is the live one");
        }

        for (var number = 1; number <= known.Last; number++)
        {
            violations.AddRange(await Traces(store, Generation.Of(projection, number), isLive: number == known.Live.Number));
        }

        return violations;
    }

    private static async Task<IEnumerable<string>> Traces(IViewStore store, Generation generation, bool isLive)
    {
        var violations = new List<string>();
        foreach (var table in generation.Tables)
        {
            if (await Exists(store, table) != isLive)
            {
                violations.Add(isLive ? $"the table {table.StoreName} is gone" : $"the table {table.StoreName} is left");
            }
        }

        for (var partition = 0; partition < generation.Partitions; partition++)
        {
            var checkpoint = await store.Checkpoint(generation.CheckpointName, partition);
            if (isLive ? ClosedCheckpoint.IsClosed(checkpoint) : checkpoint != 0)
            {
                violations.Add($"the checkpoint of {generation.CheckpointName}/{partition} is {checkpoint}, and {(isLive ? "it is live" : "nothing should be left")}");
            }
        }

        return violations;
    }

    private static async Task<bool> Exists(IViewStore store, ViewSchema table)
    {
        try
        {
            await store.Find(table, "any");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
