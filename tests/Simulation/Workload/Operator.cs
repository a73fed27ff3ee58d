using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Subscriptions;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Workload;

/// <summary>Somebody who retries dead letters, and pauses subscriptions and lets them go on.</summary>
internal sealed class Operator(Simulator simulator, SimulatedCluster cluster)
{
    private readonly IReadOnlyList<string> _subscriptions =
    [
        .. cluster.Services.GetRequiredService<SubscriptionRegistry>().All
            .SelectMany(s => Enumerable.Range(0, s.Partitions).Select(partition => SubscriptionBatch.KeyOf(s.Name, partition))),
    ];

    private readonly HashSet<string> _paused = [];
    private readonly SortedSet<string> _everPaused = new(StringComparer.Ordinal);

    /// <summary>Does something now and then, until told to stop. Nothing is paused then.</summary>
    public async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await simulator.Delay(simulator.Random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
            var name = simulator.Random.Pick(_subscriptions);
            await (simulator.Random.Next(4) switch
            {
                0 => Pause(name),
                1 => Resume(),
                _ => Try(() => Letters(name).RetryAll()),
            });
        }

        while (_paused.Count > 0)
        {
            await Resume();
        }
    }

    /// <summary>
    /// Retries what is left when nothing is bad any more. A pause whose answer was lost may have come after the resume: so all
    /// are told again to go on.
    /// </summary>
    /// <returns>How many dead letters there are then.</returns>
    public async Task<long> RetryAll()
    {
        var store = cluster.Services.GetRequiredService<IViewStore>();
        await store.Define(DeadLetter.Schema);

        // Those of a rebuild that has failed are nobody's until it is resumed or cancelled.
        var live = await LiveLetters.Conditions(store, CancellationToken.None);
        var left = await store.Query(DeadLetter.Schema, new ViewQuery { Conditions = live, Limit = 1000 });
        foreach (var name in left.Items.Select(DeadLetterWriting.Read).Select(l => SubscriptionBatch.KeyOf(l.Queue, l.Partition)).Distinct())
        {
            await Try(() => Letters(name).RetryAll());
        }

        foreach (var name in _everPaused)
        {
            await Try(() => Subscription(name).Resume());
        }

        return left.Total!.Value;
    }

    private Task Pause(string name)
    {
        _paused.Add(name);
        _everPaused.Add(name);
        return Try(() => Subscription(name).Pause());
    }

    private async Task Resume()
    {
        foreach (var name in _paused.Order(StringComparer.Ordinal).ToList())
        {
            if (await Try(() => Subscription(name).Resume()))
            {
                _paused.Remove(name);
            }
        }

        await simulator.Delay(TimeSpan.FromSeconds(1));
    }

    private async Task<bool> Try(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            simulator.Trace.Add($"operator: {e.GetType().Name}");
            return false;
        }
    }

    private ISubscriptionGrain Subscription(string name) => cluster.Client.GetGrain<ISubscriptionGrain>(name);

    private IDeadLetterGrain Letters(string name) => cluster.Client.GetGrain<IDeadLetterGrain>(name);
}
