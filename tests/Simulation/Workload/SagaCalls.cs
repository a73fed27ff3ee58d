using Loire.EventLog;
using Loire.Sagas;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Workload;

/// <summary>Calls the sagas of one type from outside.</summary>
internal sealed class SagaCalls(Simulator simulator, SimulatedCluster cluster, string type)
{
    /// <summary>Calls a saga until it has taken what it is told, or nobody cares any more.</summary>
    /// <returns>What it says; <see langword="null"/> if nobody cares any more.</returns>
    public async Task<SagaReply?> Tell(string id, string what, Func<ISagaGrain, Task<SagaReply>> call, CancellationToken over = default)
    {
        while (!over.IsCancellationRequested)
        {
            if (await Ask(id, what, call) is { Refusal: null } reply)
            {
                return reply;
            }

            await simulator.Delay(simulator.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3)));
        }

        return null;
    }

    /// <summary>Calls a saga once.</summary>
    /// <returns>What it says; <see langword="null"/> if there is no answer.</returns>
    public async Task<SagaReply?> Ask(string id, string what, Func<ISagaGrain, Task<SagaReply>> call)
    {
        try
        {
            var reply = await call(cluster.Client.GetGrain<ISagaGrain>(GrainId.Create(type, id)));
            simulator.Trace.Add($"{id}: {what}: {reply}");
            return reply;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            simulator.Trace.Add($"{id}: {what}: {e.GetType().Name}");
            return null;
        }
    }
}
