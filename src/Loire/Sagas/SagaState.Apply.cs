using System.Collections.Immutable;

namespace Loire.Sagas;

/// <summary>How a saga's events change it.</summary>
public sealed partial record SagaState
{
    public SagaState Apply(SagaEvent e) => e switch
    {
        SagaEvent.Started started => this with
        {
            Status = SagaStatus.Started,
            SagaType = started.SagaType,
            Version = started.Version,
            Steps = [.. started.Steps],
            Stages = StagesOf(started.Steps, started.Stages),
            NoReturnAfter = started.NoReturnAfter,
            Deadline = started.Deadline,
            Context = started.Context,
            StageContext = started.Context,
            Cause = started.Cause,
        },
        SagaEvent.StepBegun begun => With(StandingOf(begun.Step) with { Due = begun.Due, RetryAt = null }),
        SagaEvent.StepSent sent => With(StandingOf(sent.Step) with { Waits = true, RetryAt = null, Stuck = false }),
        SagaEvent.StepCompleted done => AfterStage(Without(done.Step) with
        {
            Status = Status == SagaStatus.Compensating ? Status : SagaStatus.Running,
            Context = done.Context ?? Context,
            CompletedSteps = CompletedSteps.Add(done.Step),
            ToCompensate = WithFirst(done.Step),
        }),
        SagaEvent.AttemptFailed failed => UsingUp(failed.Step, failed.UsedUp).With(StandingOf(failed.Step) with
        {
            Due = StandingOf(failed.Step).Waits ? null : StandingOf(failed.Step).Due,
            Waits = false,
            Attempts = failed.Attempt,
            RetryAt = failed.RetryAt,
            Code = failed.Code,
            Reason = failed.Reason,
        }),
        SagaEvent.StepStuck stuck => UsingUp(stuck.Step, stuck.UsedUp).With(StandingOf(stuck.Step) with
        {
            Due = null,

            // With all its keys used up, it is begun anew; otherwise the answer may still come.
            Waits = StandingOf(stuck.Step).Waits && stuck.UsedUp?.Contains(AllCommands) != true,
            Attempts = StandingOf(stuck.Step).Attempts + 1,
            RetryAt = stuck.RetryAt,
            Code = stuck.Code,
            Reason = stuck.Reason,
            Stuck = true,
        }),
        SagaEvent.StepRetried retried => Retried(retried.Step),
        SagaEvent.StepSkipped skipped => Skipped(skipped.Step),
        SagaEvent.StepFailed failed => TurnedBack(failed.Reason) with
        {
            ToCompensate = failed.Begun ? WithFirst(failed.Step) : ToCompensate,
            InDoubt = [.. InDoubt.Union(CurrentSteps).Append(failed.Step).Distinct()],
        },
        SagaEvent.CompensationRequested requested => TurnedBack(requested.Reason) with
        {
            // Their commands may be on their way, and if the process ends now, nobody will learn whether they arrived.
            InDoubt = [.. InDoubt.Union(IsForward ? CurrentSteps : [])],
        },
        SagaEvent.StepWithdrawn withdrawn => this with
        {
            InDoubt = InDoubt.Remove(withdrawn.Step),
            ToCompensate = withdrawn.TookEffect ? WithFirst(withdrawn.Step) : ToCompensate,
            StageContext = IsForward && IsLastInDoubt(withdrawn.Step) ? Context : StageContext,
        },
        SagaEvent.StepCompensated undone => Without(undone.Step) with
        {
            ToCompensate = ToCompensate.Remove(undone.Step),
            InDoubt = [],
            CompensatedSteps = CompletedSteps.Contains(undone.Step) ? CompensatedSteps.Add(undone.Step) : CompensatedSteps,
        },
        SagaEvent.CompensationFailed failed => UsingUp(failed.Step, failed.UsedUp).Without(failed.Step) with
        {
            ToCompensate = ToCompensate.Remove(failed.Step),
            OpenWork = OpenWork.AddRange(failed.Open),
        },
        SagaEvent.Migrated moved => this with
        {
            Version = moved.Version,
            Steps = [.. moved.Steps],
            Stages = StagesOf(moved.Steps, moved.Stages),
            NoReturnAfter = moved.NoReturnAfter,
            Context = moved.Context,
            StageContext = moved.Context,
            CompletedSteps = [.. moved.CompletedSteps],
            ToCompensate = [.. moved.ToCompensate],
            Pending = Pending.RemoveAll(p => p.Stuck),
        },
        SagaEvent.Completed when Status == SagaStatus.Compensating => this,
        SagaEvent.Completed => this with { Status = SagaStatus.Completed, Pending = [] },
        SagaEvent.Failed failed => this with { Status = SagaStatus.Failed, Reason = failed.Reason, Pending = [] },
        _ => throw new NotSupportedException($"No saga event: {e.GetType()}"),
    };

    private static ImmutableList<ImmutableList<string>> StagesOf(IReadOnlyList<string> steps, IReadOnlyList<IReadOnlyList<string>>? stages) =>
        stages is null ? [.. steps.Select(s => ImmutableList.Create(s))] : [.. stages.Select(s => s.ToImmutableList())];

    private SagaState TurnedBack(string reason) => this with
    {
        Status = SagaStatus.Compensating,
        Pending = [],
        Reason = Reason ?? reason,
    };

    private SagaState Retried(string step) => OpenWork.Exists(w => w.Step == step)
        ? this with
        {
            Status = SagaStatus.Compensating,
            OpenWork = OpenWork.RemoveAll(w => w.Step == step),
            ToCompensate = WithFirst(step),
        }
        : With(new StepStanding(step) { Due = StandingOf(step).Due, Waits = StandingOf(step).Waits });

    private SagaState Skipped(string step) => IsForward
        ? Without(step) with { Status = SagaStatus.Running, SkippedSteps = SkippedSteps.Add(step), InDoubt = InDoubt.Add(step) }
        : Without(step) with { ToCompensate = ToCompensate.Remove(step), OpenWork = OpenWork.RemoveAll(w => w.Step == step) };

    private SagaState With(StepStanding standing) => this with
    {
        Pending = Pending.FindIndex(p => p.Step == standing.Step) is >= 0 and var i ? Pending.SetItem(i, standing) : Pending.Add(standing),
    };

    private SagaState Without(string step) => Pending.IsEmpty ? this : this with { Pending = Pending.RemoveAll(p => p.Step == step) };

    private SagaState UsingUp(string step, IReadOnlyList<int>? commands) =>
        commands is null ? this : this with { UsedKeys = UsedKeys.AddRange(UsedKey.Of(step, undo: !IsForward, commands)) };

    // What was answered during a stage is for the stages after it, and what was skipped has to be withdrawn as it was sent.
    private SagaState AfterStage(SagaState after) =>
        CurrentSteps.Any(s => !after.IsDone(s)) || !InDoubt.IsEmpty ? after : after with { StageContext = after.Context };

    // Of a stage that is over. What was skipped of the stages after it meanwhile had not been sent.
    private bool IsLastInDoubt(string step) => Stages.Find(stage => stage.Contains(step)) is { } stage
        && stage.TrueForAll(IsDone) && !InDoubt.Exists(other => other != step && stage.Contains(other));

    private ImmutableList<string> WithFirst(string step) => ToCompensate.Contains(step) ? ToCompensate : ToCompensate.Insert(0, step);
}
