using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.Soak;
using Loire.Projections;
using Loire.Subscriptions;
using Orleans.TestingHost;

namespace Loire.Benchmarks.Campaign;

/// <summary>
/// <c>campaign</c>: events are written and handled while silos are killed, the database crashes, every grain has a second
/// activation now and then, batches are lost, repeated and late, handlers are slow and throw, and views are rebuilt and audited;
/// some events nobody can handle. When that has been mended and all of them were retried, the views must be what the log gives: by
/// the auditor, and by what was written. Prints a Markdown table; the exit code is not 0 when anything did not hold.
/// </summary>
internal static class CampaignBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task Run(string[] args)
    {
        var options = CampaignOptions.Parse(args);
        var (trouble, deliveries) = (new Trouble(), new Deliveries());
        await using var store = await SoakStore.Open(options.Store, options.Folder);
        await using var cluster = await CampaignCluster.Start(3, store, trouble, deliveries);
        var campaign = new Running(options, store, cluster, trouble, deliveries);
        await campaign.Run();
        foreach (var violation in campaign.Violations.Take(20))
        {
            Console.WriteLine($"VIOLATION: {violation}");
        }

        Console.WriteLine($"\nViolations: {campaign.Violations.Count}.");
        Environment.ExitCode = campaign.Violations.Count == 0 ? 0 : 1;
    }

    private sealed class Running(
        CampaignOptions options, SoakStore store, InProcessTestCluster cluster, Trouble trouble, Deliveries deliveries)
    {
        private readonly CampaignEvents _events = new(options);
        private readonly Letters _letters = new(cluster.Client, store.Views);
        private readonly List<string> _violations = [];
        private readonly CampaignRebuilds _rebuilds = new(cluster.Client, store.Views);

        public IReadOnlyCollection<string> Violations => [.. _violations, .. _rebuilds.Violations, .. trouble.Violations];

        public async Task Run()
        {
            Console.WriteLine("| | |\n|---|--:|");
            var clock = Stopwatch.StartNew();
            await WriteInTrouble();
            Row("events written", store.Log.Head);
            await CatchUp();
            Row("written and handled after, s", clock.Elapsed.TotalSeconds);
            await _letters.UntilParked(_events.PoisonedStreams, Patience);
            foreach (var subscription in CampaignCluster.Subscriptions)
            {
                var (parked, waiting) = await _letters.Count(subscription);
                Row($"parked / waiting, {subscription}", $"{parked:N0} / {waiting:N0}");
                Check(parked == _events.PoisonedStreams, $"{subscription} has parked {parked} events, and {_events.PoisonedStreams} accounts have one to park");
            }

            await Heal();
            await _rebuilds.Finish(Patience);
            await Audit();
            await new CampaignChecks(options, _events, new Rest(cluster, store), deliveries, _violations).All();
            Row("failed once, handled later", trouble.Stumbled);
            Row("deliveries beyond one per event", deliveries.Count - store.Log.Head);
            Row("batches sent by a disturber", Disturber.Sent);
        }

        private async Task WriteInTrouble()
        {
            using var over = new CancellationTokenSource();
            var chaos = new CampaignChaos(
                cluster, () => CampaignCluster.Start(1, store, trouble, deliveries), store.Crash, new Random(options.Seed));
            var troubles = chaos.Run(over.Token);
            var rebuilds = _rebuilds.Run(over.Token);
            await _events.Write(store.Log, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(20));
            await over.CancelAsync();
            await troubles;
            await rebuilds;
            Row("rebuilds / audits begun meanwhile", $"{_rebuilds.Rebuilds} / {_rebuilds.Audits}");
            Row("silos killed / rival clusters / database crashes", $"{chaos.Kills} / {chaos.Rivals} / {chaos.Crashes}");
        }

        private async Task CatchUp()
        {
            var head = store.Log.Head;
            foreach (var key in CampaignCluster.Partitions)
            {
                var clock = Stopwatch.StartNew();
                while (!await cluster.Client.GetGrain<ISubscriptionGrain>(key).WaitUntil(head, TimeSpan.FromSeconds(10)))
                {
                    if (clock.Elapsed > Patience)
                    {
                        throw new TimeoutException($"{key} is still behind {head}.");
                    }
                }
            }
        }

        private async Task Heal()
        {
            trouble.IsHealed = true;
            var clock = Stopwatch.StartNew();
            var report = await _letters.RetryAll(Patience);
            Row("events handled when all were retried", report.Succeeded);
            Row("which took, s", clock.Elapsed.TotalSeconds);
            foreach (var subscription in CampaignCluster.Subscriptions)
            {
                var (parked, waiting) = await _letters.Count(subscription);
                Check(parked + waiting == 0, $"{subscription} has {parked + waiting} dead letters left");
            }
        }

        private async Task Audit()
        {
            foreach (var view in CampaignRebuilds.Views)
            {
                var clock = Stopwatch.StartNew();
                var auditor = cluster.Client.GetGrain<IAuditGrain>(view);
                var reply = await auditor.Start(new AuditRequest());
                Check(reply.Refusal is null, $"The audit of {view} was refused: {reply.Refusal}");
                var report = await auditor.Ended(TimeSpan.FromSeconds(5));
                while (report?.State == AuditState.Running && clock.Elapsed < Patience)
                {
                    report = await auditor.Ended(TimeSpan.FromSeconds(5));
                }

                Check(report?.IsSound == true, $"The auditor says of {view}: {report?.State} {report?.LastError} {string.Join("; ", report?.Tables.SelectMany(t => t.Differences).Take(5) ?? [])}");
                Row($"audit of {view}: documents / differences / s",
                    $"{report?.Tables.Sum(t => t.Documents):N0} / {report?.Tables.Sum(t => t.Differing):N0} / {clock.Elapsed.TotalSeconds:0.0}");
            }
        }

        private void Check(bool holds, string violation)
        {
            if (!holds)
            {
                _violations.Add(violation);
            }
        }

        private static void Row(string what, double value) => Row(what, value.ToString(value % 1 == 0 ? "N0" : "N1", CultureInfo.InvariantCulture));

        private static void Row(string what, FormattableString value) => Row(what, value.ToString(CultureInfo.InvariantCulture));

        private static void Row(string what, string value) => Console.WriteLine($"| {what} | {value} |");
    }
}
