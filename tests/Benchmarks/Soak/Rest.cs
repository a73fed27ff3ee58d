using System.Diagnostics;
using Loire.EventLog.Views;
using Loire.Queries;
using Loire.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Loire.Benchmarks.Soak;

/// <summary>The cluster when nobody sends commands: reads its views, and waits until all that was set off has ended.</summary>
internal sealed class Rest(InProcessTestCluster cluster, SoakStore store)
{
    private static readonly string[] Unfinished = ["started", "running", "compensating"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private ViewReader Views => new(store.Views, cluster.Client, Registry, TimeProvider.System);

    private ViewRegistry Registry => cluster.GetSiloServiceProvider().GetRequiredService<ViewRegistry>();

    /// <exception cref="ShouldAssertException">Something goes on for longer than it may.</exception>
    public async Task Settle()
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            var head = store.Log.Head;
            var running = await Running(head);
            if (running == 0 && store.Log.Head == head)
            {
                return;
            }

            if (clock.Elapsed > Limit)
            {
                throw new ShouldAssertException($"{running} sagas have not ended {Limit} after the last command");
            }
        }
    }

    /// <summary>All documents of a view that has seen the whole log.</summary>
    public async Task<List<ViewDocument>> ReadAll(string name)
    {
        var view = ViewNamed(name);
        await ReachedBy(view.StoreName, store.Log.Head);
        var all = new List<ViewDocument>();
        var query = new ViewQuery { Limit = 1000 };
        do
        {
            var page = await Views.Query(view, query, CancellationToken.None);
            all.AddRange(page.Items);
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
        return all;
    }

    private async Task<long> Running(long head)
    {
        await ReachedBy("order-fulfillment-trigger", head);
        var view = ViewNamed("sagas");
        await ReachedBy(view.StoreName, head);
        var running = 0L;
        foreach (var status in Unfinished)
        {
            var condition = new ViewCondition(view.Field("status")!, Comparison.Equal, status);
            running += (await Views.Query(view, new ViewQuery { Conditions = [condition] }, CancellationToken.None)).Total!.Value;
        }

        return running;
    }

    private async Task ReachedBy(string subscription, long position)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(Pause))
        {
            try
            {
                if (await cluster.Client.GetGrain<ISubscriptionGrain>($"{subscription}/0").WaitUntil(position, TimeSpan.FromSeconds(5)))
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                // Silos that have been killed or started are not yet known to all.
            }
        }

        throw new ShouldAssertException($"{subscription} has not reached {position} within {Limit}");
    }

    private ViewSchema ViewNamed(string name) =>
        Registry.TryGet(name, out var view)
            ? view
            : throw new KeyNotFoundException(name);
}
