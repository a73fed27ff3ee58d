using Loire.Sagas;

namespace Loire.Simulation.RandomSagas;

/// <summary>A stage comes after the one before it, nothing comes behind its withdrawal, and compensation goes backwards.</summary>
internal static class SagaOrderChecks
{
    public static IEnumerable<string> Run(SagaStory story) => Forwards(story).Concat(Backwards(story));

    private static IEnumerable<string> Forwards(SagaStory story)
    {
        var before = 0L;
        var known = "";
        foreach (var stage in story.Outline.Stages)
        {
            var work = stage.SelectMany(step => story.Of(step).Where(w => w.Event is WorkEvent.Done).Select(w => (step, w.Position, Done: (WorkEvent.Done)w.Event))).ToList();
            foreach (var (step, position, done) in work)
            {
                if (position < before)
                {
                    yield return $"{done.Effect} was done at {position}, before the stage before it at {before}";
                }

                if (done.Seen != known)
                {
                    yield return $"{done.Effect} was done knowing '{done.Seen}' rather than '{known}'";
                }

                if (story.PositionOf(e => Ends(e, step.Name)) < position)
                {
                    yield return $"{done.Effect} was done at {position}, after the step was over";
                }
            }

            var over = story.Events.Where((e, n) => story.States[n].IsForward && stage.Any(step => IsDone(e.Event, step.Name))).ToList();
            before = over.Select(e => e.Position).Append(before).Max();
            known += string.Concat(over.Select(e => e.Event).OfType<SagaEvent.StepCompleted>()
                .Where(e => story.Outline.Find(e.Step).Waits).Select(e => $" {e.Step}"));
        }
    }

    private static bool IsDone(SagaEvent e, string step) =>
        (e is SagaEvent.StepCompleted done && done.Step == step) || (e is SagaEvent.StepSkipped skipped && skipped.Step == step);

    private static bool Ends(SagaEvent e, string step) =>
        (e is SagaEvent.StepCompleted done && done.Step == step) || (e is SagaEvent.StepWithdrawn withdrawn && withdrawn.Step == step);

    private static IEnumerable<string> Backwards(SagaStory story)
    {
        var turn = story.Events.Index().FirstOrDefault(e => e.Item.Event is SagaEvent.StepFailed or SagaEvent.CompensationRequested);
        if (turn.Item.Event is null)
        {
            yield break;
        }

        var last = turn.Item.Position;
        var left = story.States[turn.Index].CompletedSteps;
        foreach (var (position, e) in story.Events.Skip(turn.Index).TakeWhile(e => e.Event is not (SagaEvent.StepRetried or SagaEvent.StepSkipped)))
        {
            var step = e switch
            {
                SagaEvent.StepCompensated undone => undone.Step,
                SagaEvent.CompensationFailed failed => failed.Step,
                _ => null,
            };
            if (step is null)
            {
                continue;
            }

            if (left.Contains(step) && left[^1] != step)
            {
                yield return $"{step} was undone before {left[^1]}, which was completed after it";
            }

            left = left.Remove(step);
            foreach (var undone in story.Of(story.Outline.Find(step)).Where(w => w.Event is WorkEvent.Undone))
            {
                if (undone.Position < last || (e is SagaEvent.StepCompensated && undone.Position > position))
                {
                    yield return $"{step} was undone at {undone.Position}, and its turn was between {last} and {position}";
                }
            }

            last = position;
        }
    }
}
