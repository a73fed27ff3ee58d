using Loire.Hosting;
using Loire.Simulation.Checks;
using Loire.Simulation.Defects;
using Loire.Simulation.Workload;
using Loire.Snapshots;
using Loire.Subscriptions;
using Loire.Testing;
using Loire.Testing.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Simulation.RandomSagas;

/// <summary>
/// Sagas of a shape that is drawn from the seed: their steps are rejected, declined, late, answered twice or never, people
/// retry, skip and compensate, and silos, store and streams have their troubles.
/// </summary>
internal sealed class SagaScenario(Simulator simulator, Defect defect, SagaEndings tally)
{
    private readonly SagaOutline _outline = SagaOutline.Draw(simulator.Random);

    /// <returns>What is wrong afterwards.</returns>
    public async Task<IReadOnlyList<string>> Run()
    {
        var random = simulator.Random;
        var faults = random.Chance(0.2) ? FaultProfile.None : FaultProfile.Draw(random);
        var bad = new BadEvents(simulator);
        simulator.Trace.Add(faults.ToString());
        simulator.Trace.Add(_outline.ToString());
        await using var cluster = await SimulatedCluster.Start(simulator, (short)random.Next(1, 4), faults, silo =>
        {
            silo.AddLoire(Register);
            silo.Services.PostConfigureAll<SnapshotOptions>(options => (options.Every, options.MinInterval) = (3, TimeSpan.Zero));
            silo.Services.PostConfigure<SubscriptionOptions>(options =>
                (options.Failures.MaxAttempts, options.Failures.InitialDelay) = (4, TimeSpan.FromMilliseconds(300)));
            silo.Services.Decorate<SubscriptionDefinition>((subscription, _) => bad.Trouble(subscription));
            defect.Plant(silo.Services, simulator);
        });
        var log = InMemoryStore.Open(cluster.Storage, simulator.Callers.Time).Log;
        var history = new History(log);
        var desk = new SagaDesk(simulator, cluster, log, [.. Enumerable.Range(1, random.Next(1, 5)).Select(n => $"g{n}")]);
        var people = new People(simulator, _outline, desk, new Caller(simulator, cluster, history));
        var someone = new Operator(simulator, cluster);
        using var stop = new CancellationTokenSource();
        Task[] troubles =
        [
            cluster.Harass(stop.Token), someone.Work(stop.Token), people.Change(stop.Token), people.Meddle(stop.Token),
            new Outside(simulator, _outline, desk).Work(stop.Token),
        ];
        await Task.WhenAll(desk.Ids.Select(Start));
        await Ended(desk, random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(200)));
        await simulator.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        await stop.CancelAsync();
        await troubles[0];
        bad.Over = true;
        cluster.Calm();
        await Task.WhenAll(troubles);

        List<string> violations = [.. history.Violations, .. await people.Finish(someone), .. await Quiet.Await(simulator, cluster, log, someone)];
        var facts = await Facts.Read(log, cluster.Services);
        violations.AddRange(LogChecks.Run(facts));
        violations.AddRange(RandomSagaChecks.Run(facts, _outline, desk));
        violations.AddRange(await ViewChecks.Run(cluster, Register));
        tally.Add(facts, desk);
        return Verdict.Trace(simulator, violations.Count == 0 ? [] : [.. violations, $"the sagas were {_outline}"]);

        async Task Start(string id)
        {
            await simulator.Delay(random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(20)));
            await desk.Start(id);
        }
    }

    /// <summary>Waits for the sagas to end, or at most for a while.</summary>
    private async Task Ended(SagaDesk desk, TimeSpan most)
    {
        var until = simulator.Now + most;
        while (simulator.Now < until && (await Task.WhenAll(desk.Ids.Select(desk.StateOf))).Any(state => !state.Ended))
        {
            await simulator.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private void Register(LoireBuilder loire)
    {
        loire.Services.AddSingleton(_outline);
        loire.AddAggregate<WorkGrain, WorkDecider>().AddSaga<RandomSagaGrain, RandomSaga>();
    }
}
