using Loire.Sagas;

namespace Loire.Simulation.RandomSagas;

/// <summary>A saga as its outline says.</summary>
internal sealed class RandomSaga : Saga<RandomSaga.Context>
{
    public const string Name = "random";
    public const string Desk = "desk";

    public RandomSaga(SagaOutline outline)
        : base(Name)
    {
        foreach (var (n, stage) in outline.Stages.Index())
        {
            SagaStep<Context>[] steps = [.. stage.Select(Add)];
            if (steps.Length > 1)
            {
                Parallel($"group-{n}", steps);
            }
        }

        if (outline.Deadline is { } limit)
        {
            Deadline(limit);
        }

        WhenFailed((saga, _) => [Send(WorkGrain.Type, Desk, new WorkCommand.Close(saga.Id))]);
    }

    private SagaStep<Context> Add(StepOutline outline)
    {
        var step = Step(outline.Name)
            .Execute((saga, run) => outline.Workers.Select((worker, n) =>
                Send(WorkGrain.Type, worker, new WorkCommand.Do(outline.EffectOf(saga.Id, n), run.Number, saga.Answers))
                    .FailsOn<WorkEvent.Declined>("Nothing came of it.")))
            .Compensate(
                saga => outline.Workers.Select((worker, n) => Send(WorkGrain.Type, worker, new WorkCommand.Undo(outline.EffectOf(saga.Id, n)))),
                outline.UndoRetry)
            .Retry(outline.Retry);
        if (outline.Waits)
        {
            step.WaitsForAnswer<Answer>((saga, answer) => saga with { Answers = $"{saga.Answers} {answer.From}" });
        }

        if (outline.Limit is { } limit)
        {
            step.Timeout(limit);
        }

        return outline.NoReturn ? step.PointOfNoReturn() : step;
    }

    /// <param name="Id">The saga's id.</param>
    /// <param name="Answers">The steps that have been answered. Commands carry it, so they are others when it is.</param>
    public sealed record Context(string Id, string Answers);

    /// <param name="From">The step that is answered.</param>
    public sealed record Answer(string From);
}

[GrainType(RandomSaga.Name)]
internal sealed class RandomSagaGrain : SagaGrain<RandomSaga>;
