using System.Diagnostics;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;

namespace Loire.Benchmarks.Campaign;

/// <summary>Has the views of a campaign rebuilt and audited while everything else goes wrong, and sees to it that all of that ends well.</summary>
internal sealed class CampaignRebuilds(IGrainFactory grains, IViewStore store)
{
    public static readonly string[] Views = ["account-sums", "group-sums"];

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly List<string> _violations = [];

    public IReadOnlyList<string> Violations => _violations;

    public int Rebuilds { get; private set; }

    public int Audits { get; private set; }

    /// <summary>Rebuilds one view and audits the other, in turn, until it is over.</summary>
    public async Task Run(CancellationToken over)
    {
        for (var round = 0; !over.IsCancellationRequested; round++)
        {
            var (rebuilt, audited) = (Views[round % 2], Views[(round + 1) % 2]);
            Rebuilds += await Ask(async () => (await Rebuild(rebuilt).Start()).Refusal) is null ? 1 : 0;
            Audits += await Ask(async () => (await Auditor(audited).Start(new AuditRequest())).Refusal) is null ? 1 : 0;
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < 5 * Pause && !over.IsCancellationRequested;)
            {
                await Task.Delay(Pause, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await LookAt(audited);
            }
        }
    }

    /// <summary>When handlers fail no more: lets what has failed go on, and waits until everything has taken over.</summary>
    public async Task Finish(TimeSpan patience)
    {
        foreach (var view in Views)
        {
            RebuildPlan? plan = null;
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience && !IsEnd(plan = await Rebuild(view).Ended(Pause));)
            {
                if (plan is { State: RebuildState.Failed })
                {
                    await Ask(async () => (await Rebuild(view).Resume()).Refusal);
                }
            }

            if (!IsEnd(plan))
            {
                _violations.Add($"The rebuild of {view} is {plan!.State} at {plan.Position}: {plan.LastError}");
                continue;
            }

            await IsAlone(view, plan?.Generation ?? 1, patience);
        }
    }

    // Nobody cancels anything here.
    private static bool IsEnd(RebuildPlan? plan) => plan is null or { State: RebuildState.Completed };

    // Of the generations before it nothing is left after a while.
    private async Task IsAlone(string view, int live, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        for (var number = 1; number < live; number++)
        {
            var name = number == 1 ? $"{view}@1" : $"{view}@1.{number}";
            while (await store.Checkpoint(name, 0) != 0)
            {
                if (clock.Elapsed > patience)
                {
                    _violations.Add($"{name} is still there, and {view} is at generation {live}");
                    break;
                }

                await Task.Delay(100);
            }
        }
    }

    private async Task LookAt(string view)
    {
        AuditReport? report = null;
        await Ask(async () => (report = await Auditor(view).Status()) is null ? "never audited" : null);
        if (report is { State: AuditState.Completed } && report.Tables.Sum(t => t.Differing) > 0)
        {
            _violations.Add($"In the middle of it the auditor says of {view}: {string.Join("; ", report.Tables.SelectMany(t => t.Differences).Take(5))}");
        }
    }

    private static async Task<string?> Ask(Func<Task<string?>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            return e.Message;
        }
    }

    private IRebuildGrain Rebuild(string view) => grains.GetGrain<IRebuildGrain>(view);

    private IAuditGrain Auditor(string view) => grains.GetGrain<IAuditGrain>(view);
}
