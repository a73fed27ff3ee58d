using Loire.Sagas;
using Loire.Simulation.Workload;
using Loire.Testing.Simulation;

namespace Loire.Simulation.RandomSagas;

/// <summary>Whoever works with the sagas: workers whose moods change, and people who retry, skip and compensate.</summary>
internal sealed class People(Simulator simulator, SagaOutline outline, SagaDesk desk, Caller caller)
{
    private static readonly Mood[] Bad = [Mood.Busy, Mood.Refusing, Mood.Declining, Mood.Stubborn];

    // Open work is left only where nobody wants to undo what has failed, so some runs have little else.
    private static readonly Mood[] Worse = [Mood.Refusing, Mood.Stubborn, Mood.Stubborn, Mood.Stubborn];

    private readonly IReadOnlyList<Mood> _moods = simulator.Random.Chance(0.35) ? Worse : Bad;
    private readonly double _temper = simulator.Random.NextDouble();
    private readonly double _skips = simulator.Random.Chance(0.5) ? 0.3 : 0;
    private readonly double _compensates = simulator.Random.Chance(0.5) ? 0.25 : 0;

    /// <summary>Changes moods until it is stopped.</summary>
    public async Task Change(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var mood = simulator.Random.Chance(_moods == Worse ? 0.8 : _temper / 2) ? simulator.Random.Pick(_moods) : Mood.Willing;
            await Change(simulator.Random.Pick(SagaOutline.Workers), mood);
            await simulator.Delay(simulator.Random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(8)));
        }
    }

    /// <summary>Does something to one of the sagas now and then, until it is stopped.</summary>
    public async Task Meddle(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await simulator.Delay(simulator.Random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15)));
            var id = simulator.Random.Pick(desk.Ids);
            var state = await desk.StateOf(id);
            var step = simulator.Random.Pick(Concerned(state));
            await (simulator.Random.Chance(_skips) ? desk.Calls.Ask(id, $"skip {step}", saga => saga.SkipStep(step, "Somebody wants it."))
                : simulator.Random.Chance(_compensates) ? desk.Calls.Ask(id, "compensate", saga => saga.Compensate("Somebody wants it."))
                : desk.Calls.Ask(id, $"retry {step}", saga => saga.RetryStep(step)));
        }
    }

    /// <summary>Sees to it that all sagas end: workers are willing, what waits is answered, what is stuck is tried again.</summary>
    /// <param name="operation">Retries dead letters: who is not in the view is not woken.</param>
    /// <returns>What has not ended.</returns>
    public async Task<IReadOnlyList<string>> Finish(Operator operation)
    {
        var until = simulator.Now + TimeSpan.FromMinutes(15);
        var settles = simulator.Random.Chance(0.25);
        while (true)
        {
            await Cheer();
            await operation.RetryAll();
            var open = await Push(settles);
            if (open.Count == 0 || simulator.Now > until)
            {
                return open;
            }

            await simulator.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private IReadOnlyList<string> Concerned(SagaState state) => state switch
    {
        { OpenWork: [_, ..] } => [.. state.OpenWork.Select(w => w.Step)],
        { Status: SagaStatus.Compensating, ToCompensate: [_, ..] } => state.ToCompensate,
        { IsForward: true } when state.CurrentSteps.Any() => [.. state.CurrentSteps],
        _ => [.. outline.Steps.Select(s => s.Name)],
    };

    private async Task Cheer()
    {
        var (_, events) = await desk.Since(0);
        foreach (var worker in SagaOutline.Workers)
        {
            if (events.LastOrDefault(e => e.Recorded.Stream.Id == worker && e.Event is WorkEvent.Changed).Event is WorkEvent.Changed { Mood: not Mood.Willing })
            {
                await Change(worker, Mood.Willing);
            }
        }
    }

    /// <returns>The sagas that have not ended, or have work left that is to be settled.</returns>
    private async Task<IReadOnlyList<string>> Push(bool settles)
    {
        var open = new List<string>();
        foreach (var id in desk.Ids)
        {
            var state = await desk.StateOf(id);
            if (!state.Ended)
            {
                open.Add($"the saga {id} stays {state.Status} at {state.CurrentStep}: {string.Join(", ", state.Pending)}");
            }

            foreach (var step in state.Ended ? [] : state.Pending.Where(p => p.Waits))
            {
                await desk.Complete(id, step.Step);
            }

            foreach (var step in state.Ended ? [] : state.Pending.Where(p => p.Stuck))
            {
                await desk.Calls.Ask(id, $"retry {step.Step}", saga => saga.RetryStep(step.Step));
            }

            foreach (var step in settles ? state.OpenWork.Select(w => w.Step).Distinct() : [])
            {
                open.Add($"the saga {id} has open work at {step}");
                await desk.Calls.Ask(id, $"retry {step}", saga => saga.RetryStep(step));
            }
        }

        return open;
    }

    private Task Change(string worker, Mood mood) => caller.Send(WorkGrain.Type, worker, new WorkCommand.Change(mood));
}
