using Loire.Sagas;
using Loire.Simulation.Checks;

namespace Loire.Simulation.RandomSagas;

/// <summary>
/// Whatever happens to a saga, each of its effects happens once, and it ends completed, fully undone, or failed with exactly
/// that listed which could not be undone.
/// </summary>
internal static class RandomSagaChecks
{
    private static readonly string[] Reasons =
        ["refused", "busy", "declined", "no", "timed-out", "stubborn", "unavailable"];

    public static IEnumerable<string> Run(Facts facts, SagaOutline outline, SagaDesk desk) =>
        from id in desk.Ids
        let story = new SagaStory(facts, outline, id)
        let answered = desk.Answered.Where(a => a.Saga == id).Select(a => a.Step)
        from violation in Effects(story).Concat(Ends(story)).Concat(Records(story, [.. answered])).Concat(SagaOrderChecks.Run(story))
        select $"saga {id}: {violation}";

    private static IEnumerable<string> Effects(SagaStory story)
    {
        foreach (var (step, command) in story.Outline.Steps.SelectMany(s => s.Workers.Select((_, n) => (s, n))))
        {
            var work = story.Work[step.EffectOf(story.Id, command)].Select(e => e.Event).ToList();
            foreach (var run in work.OfType<WorkEvent.Done>().GroupBy(d => d.Run).Where(g => g.Count() > 1))
            {
                yield return $"{step.Name}/{command} was done {run.Count()} times in run {run.Key}";
            }

            var runs = 1 + story.All<SagaEvent>().Count(e => BeginsAnew(e, step.Name));
            if (work.OfType<WorkEvent.Done>().Any(d => d.Run > runs))
            {
                yield return $"{step.Name}/{command} was done in a run after the last, {runs}";
            }

            if (work.OfType<WorkEvent.Undone>().Count() > 1 || work.SkipWhile(e => e is not WorkEvent.Undone).Any(e => e is WorkEvent.Done))
            {
                yield return $"{step.Name}/{command} was undone twice, or done behind its undoing";
            }
        }
    }

    private static bool BeginsAnew(SagaEvent e, string step) => e switch
    {
        SagaEvent.AttemptFailed failed => failed.Step == step && failed.UsedUp?.Contains(SagaState.AllCommands) == true,
        SagaEvent.StepStuck stuck => stuck.Step == step && stuck.UsedUp?.Contains(SagaState.AllCommands) == true,
        _ => false,
    };

    private static IEnumerable<string> Ends(SagaStory story)
    {
        var end = story.End;
        var closed = story.Work[story.Id].Count();
        var gaveUp = end.Status == SagaStatus.Failed;
        if (end.Status is not (SagaStatus.Completed or SagaStatus.Failed) || closed != (gaveUp ? 1 : 0))
        {
            yield return $"it is {end.Status}, and was closed {closed} times";
        }

        foreach (var step in story.Outline.Steps)
        {
            var standing = step.Workers.Where((_, n) => story.Stands(step, n)).Count();
            if (!gaveUp && end.CompletedSteps.Contains(step.Name) && standing < step.Workers.Count)
            {
                yield return $"it is completed, and of {step.Name} only {standing} of {step.Workers.Count} is there";
            }

            if (!gaveUp && !end.IsDone(step.Name))
            {
                yield return $"it is completed, and {step.Name} is neither done nor left out";
            }

            var open = end.OpenWork.Exists(w => w.Step == step.Name);
            if (gaveUp && standing > 0 && !open && !LeftByHand(story, step.Name))
            {
                yield return $"it has failed, {standing} of {step.Name} is still there, and nobody is told";
            }

            if (open && (!gaveUp || (standing == 0 && !UndoneLate(story, step))))
            {
                yield return $"{step.Name} is listed as open, and nothing of it is left";
            }
        }
    }

    // A silo that was taken for dead may still undo what had been given up.
    private static bool UndoneLate(SagaStory story, StepOutline step) =>
        story.PositionOf(e => e is SagaEvent.CompensationFailed failed && failed.Step == step.Name)
        < story.Of(step).LastOrDefault(w => w.Event is WorkEvent.Undone).Position;

    private static bool LeftByHand(SagaStory story, string step) =>
        story.Events.Index().Any(e => e.Item.Event is SagaEvent.StepSkipped skipped && skipped.Step == step && !story.States[e.Index].IsForward);

    private static IEnumerable<string> Records(SagaStory story, IReadOnlyList<string> answered)
    {
        foreach (var step in story.All<SagaEvent.StepCompleted>().GroupBy(e => e.Step).Where(g => g.Count() > 1))
        {
            yield return $"the step {step.Key} was completed {step.Count()} times";
        }

        foreach (var step in answered.GroupBy(a => a).Where(g => g.Count() != story.All<SagaEvent.StepCompleted>().Count(e => e.Step == g.Key)))
        {
            yield return $"{step.Count()} answers were told that they had completed {step.Key}";
        }

        var codes = story.All<SagaEvent>().Select(e => e switch
        {
            SagaEvent.StepFailed failed => failed.Code,
            SagaEvent.AttemptFailed failed => failed.Code,
            SagaEvent.StepStuck stuck => stuck.Code,
            _ => null,
        });
        foreach (var code in codes.Where(c => c is not null && !Reasons.Contains(c)))
        {
            yield return $"something failed for a reason that nobody gave: {code}";
        }

        var turned = story.Events.Index().FirstOrDefault(e => e.Item.Event is SagaEvent.StepFailed or SagaEvent.CompensationRequested);
        if (turned.Item.Event is { } why && story.States[turned.Index].IsPastReturn)
        {
            yield return $"it turned back behind its point of no return: {why}";
        }
    }
}
