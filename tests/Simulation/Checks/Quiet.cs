using System.Text.Json;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Processes;
using Loire.Queries;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Simulation.Workload;
using Loire.Subscriptions;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Checks;

/// <summary>Waits until every subscription has handled the whole log, dead letters included, and every saga and process has ended.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<string>> Await(
        Simulator simulator, SimulatedCluster cluster, IEventLog log, Operator someone)
    {
        var until = simulator.Now + Limit;
        while (true)
        {
            var letters = await someone.RetryAll();
            var disquiet = await Disquiet(cluster, log);
            if (letters > 0)
            {
                disquiet.Add($"{letters} dead letters are left");
            }

            if (disquiet.Count == 0 || simulator.Now > until)
            {
                return disquiet;
            }

            await simulator.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<List<string>> Disquiet(SimulatedCluster cluster, IEventLog log)
    {
        var services = cluster.Services;
        var all = (await log.ReadAll(0, LogFilter.All, int.MaxValue)).Events;
        var reader = services.GetRequiredService<ViewReader>();
        var store = services.GetRequiredService<IViewStore>();
        var disquiet = new List<string>();
        foreach (var subscription in services.GetRequiredService<SubscriptionRegistry>().All)
        {
            for (var partition = 0; partition < subscription.Partitions; partition++)
            {
                // The checkpoint, not the grain: to ask the grain could wake what should be awake.
                var position = await (subscription.ReadCheckpoint?.Invoke(partition, CancellationToken.None)
                    ?? store.Checkpoint(subscription.Name, partition));
                if (all.LastOrDefault(e => subscription.Wants(e, partition)) is { } last && position < last.Position)
                {
                    disquiet.Add($"{subscription.Name}/{partition} stays at position {position}, and the log has {last.Position} for it");
                }
            }
        }

        if (log.Head > all.Count)
        {
            disquiet.Add($"the log has grown from {all.Count} to {log.Head}");
        }

        services.GetRequiredService<ViewRegistry>().TryGet(SagasView.Name, out var sagas);
        foreach (var document in (await reader.Query(sagas!, new ViewQuery { Limit = 1000 }, CancellationToken.None)).Items)
        {
            var saga = JsonSerializer.Deserialize<SagaView>(document.Json.Span, LoireJson.Stored)!;
            if (saga.Status is not (SagaStatus.Completed or SagaStatus.Failed))
            {
                disquiet.Add($"the saga {document.Id} stays {saga.Status} at {saga.CurrentStep}");
            }
        }

        if (services.GetRequiredService<ViewRegistry>().TryGet(ProcessesView.Name, out var processes))
        {
            var page = await reader.Query(processes, new ViewQuery { Limit = 1000 }, CancellationToken.None);
            disquiet.AddRange(page.Items
                .Select(document => JsonSerializer.Deserialize<ProcessView>(document.Json.Span, LoireJson.Stored)!)
                .Where(process => process.Status is ProcessStatus.Running || process.Outbox.Count > 0)
                .Select(process => $"the process {process.ProcessType}:{process.ProcessId} stays in {process.State}"));
        }

        return disquiet;
    }
}
