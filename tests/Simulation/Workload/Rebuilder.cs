using Loire.EventLog;
using Loire.Projections;
using Loire.Queries;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.Workload;

/// <summary>Somebody who has a few views rebuilt and audited, and changes his mind about it.</summary>
internal sealed class Rebuilder(Simulator simulator, SimulatedCluster cluster)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<Projection> _projections = Choose(simulator, cluster);

    /// <summary>What auditors said that cannot be.</summary>
    public IEnumerable<string> Violations => _found;

    /// <summary>How far the views have come.</summary>
    public Positions Positions => field ??= new Positions(simulator, cluster, _projections);

    private IReadOnlyList<string> Views => [.. _projections.Select(p => p.View.Name)];

    /// <summary>Does something now and then, until told to stop.</summary>
    public async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await simulator.Delay(simulator.Random.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(4)));
            var view = simulator.Random.Pick(Views);
            await (simulator.Random.Next(10) switch
            {
                0 or 1 or 2 => Ask("start", view, rebuild => rebuild.Start()),
                3 => Ask("pause", view, rebuild => rebuild.Pause()),
                4 => Ask("resume", view, rebuild => rebuild.Resume()),
                5 => Ask("accept", view, rebuild => rebuild.ResumeAccepting()),
                6 => Ask("cancel", view, rebuild => rebuild.Cancel()),
                7 => Twice(view),
                _ => Audit(view),
            });
        }
    }

    /// <summary>Brings every rebuild to its end, one way or the other, and has each view audited.</summary>
    /// <returns>What has not ended, and what is not sound.</returns>
    public async Task<IReadOnlyList<string>> Finish()
    {
        var until = simulator.Now + Limit;
        List<string> left = [];
        foreach (var view in Views)
        {
            string? state;
            while ((state = await EndRebuild(view) ?? await EndAudit(view, until)) is not null && simulator.Now < until)
            {
                await simulator.Delay(TimeSpan.FromSeconds(1));
            }

            left.AddRange(state is null ? [] : [state]);
        }

        return left;
    }

    private static List<Projection> Choose(Simulator simulator, SimulatedCluster cluster)
    {
        var all = cluster.Services.GetRequiredService<ViewRegistry>().Projections;
        var chosen = Enumerable.Range(0, simulator.Random.Next(1, 4)).Select(_ => simulator.Random.Pick(all));

        // The one whose folds may fail, more often than the others.
        return [.. (simulator.Random.Chance(0.5) ? chosen.Append(all.Single(p => p is DepositsView)) : chosen).Distinct()];
    }

    /// <returns>What it is doing; <see langword="null"/> when it has ended.</returns>
    private async Task<string?> EndRebuild(string view)
    {
        RebuildPlan? plan = null;
        if (!await Try(async () => plan = await Rebuild(view).Status()))
        {
            return $"the rebuild of {view} does not answer";
        }

        if (plan is null or { State: RebuildState.Completed or RebuildState.Cancelled })
        {
            return null;
        }

        if (plan.State is RebuildState.Paused or RebuildState.Failed)
        {
            await (simulator.Random.Chance(0.7)
                ? Ask("resume", view, rebuild => rebuild.Resume())
                : Ask("cancel", view, rebuild => rebuild.Cancel()));
        }

        return $"the rebuild of {view} stays {plan.State} at {plan.Position}: {plan.LastError}";
    }

    /// <returns>What is wrong; <see langword="null"/> when an audit that began after the last rebuild found nothing.</returns>
    private async Task<string?> EndAudit(string view, TimeSpan until)
    {
        AuditReport? report = null;
        if (!await Try(async () => report = (await Auditor(view).Start(new AuditRequest())).Report))
        {
            return $"the auditor of {view} does not answer";
        }

        // Refused means that one is under way already.
        while (report is { State: AuditState.Running } && simulator.Now < until)
        {
            var began = report.StartedAt;
            await simulator.Delay(TimeSpan.FromSeconds(1));
            if (!await Try(async () => report = await Auditor(view).Status()) || report!.StartedAt != began)
            {
                return $"the auditor of {view} has lost what it was doing";
            }
        }

        Note(report!);
        return report!.IsSound ? null : $"the audit of {view} is not sound: {report.State} {report.LastError}";
    }

    private async Task Audit(string view)
    {
        AuditReport? last = null;
        await Try(async () => last = await Auditor(view).Status());
        if (last is not null)
        {
            Note(last);
        }

        await Try(async () => simulator.Trace.Add($"audit {view}: {(await Auditor(view).Start(new AuditRequest())).Refusal}"));
    }

    // Nobody damages anything here, so whatever an auditor finds is wrong.
    private void Note(AuditReport report)
    {
        foreach (var difference in report.Tables.SelectMany(t => t.Differences))
        {
            _found.Add($"the auditor says that {difference.Id} of {report.View} is {difference.Finding} (position {difference.Position})");
        }
    }

    // From two places at once, as two people do who do not know of each other.
    private Task Twice(string view) => Task.WhenAll(
        Ask("start", view, rebuild => rebuild.Start()),
        Ask("start too", view, rebuild => rebuild.Start()),
        simulator.Random.Chance(0.5) ? Ask("cancel too", view, rebuild => rebuild.Cancel()) : Task.CompletedTask);

    private Task Ask(string what, string view, Func<IRebuildGrain, Task<RebuildReply>> ask) => Try(async () =>
    {
        var reply = await ask(Rebuild(view));
        simulator.Trace.Add($"{what} rebuild of {view}: {reply.Refusal ?? reply.Plan?.State.ToString()}");
    });

    private async Task<bool> Try(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            simulator.Trace.Add($"rebuilder: {e.GetType().Name}");
            return false;
        }
    }

    private IRebuildGrain Rebuild(string view) => cluster.Client.GetGrain<IRebuildGrain>(view);

    private IAuditGrain Auditor(string view) => cluster.Client.GetGrain<IAuditGrain>(view);
}
