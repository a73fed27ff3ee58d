using Loire.Sagas;
using Loire.Testing.Simulation;

namespace Loire.Simulation.RandomSagas;

/// <summary>Whoever is asked by steps that wait: answers at once, late, twice, with a failure, or not at all.</summary>
internal sealed class Outside(Simulator simulator, SagaOutline outline, SagaDesk desk)
{
    private long _read;

    /// <summary>Answers what is asked until it is stopped; answers that are under way are given up then.</summary>
    public async Task Work(CancellationToken stop)
    {
        var answers = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            (_read, var events) = await desk.Since(_read);
            answers.AddRange(events.Select(e => Answer(e.Recorded.Stream.Id, e.Event, stop)));
            await simulator.Delay(TimeSpan.FromMilliseconds(100));
        }

        await Task.WhenAll(answers);
    }

    private Task Answer(string stream, object e, CancellationToken stop) => e switch
    {
        WorkEvent.Done done when done.Effect.Split('/') is [var saga, var step, var command]
            && outline.Find(step) is { Waits: true } asked && command == $"{asked.Workers.Count - 1}" => Answer(saga, step, done.Run, stop),
        SagaEvent.StepSent sent when outline.Find(sent.Step).Workers.Count == 0 => Answer(stream, sent.Step, run: null, stop),
        _ => Task.CompletedTask,
    };

    private async Task Answer(string saga, string step, int? run, CancellationToken stop)
    {
        var random = simulator.Random;
        if (random.Chance(0.15))
        {
            return;
        }

        var named = random.Chance(0.5) ? run : null;
        var most = TimeSpan.FromSeconds(random.Chance(0.25) ? 150 : 4);
        var failure = random.Chance(0.15) ? "no" : random.Chance(0.2) ? "busy" : null;
        await Task.WhenAll(Enumerable.Range(0, random.Chance(0.3) ? 2 : 1).Select(async _ =>
        {
            await simulator.Delay(random.Between(TimeSpan.Zero, most));
            await (failure is null
                ? desk.Complete(saga, step, named, stop)
                : desk.Calls.Tell(saga, $"fail {step} {named}", s => s.FailStep(step, failure, "Somebody outside says so.", named), stop));
        }));
    }
}
