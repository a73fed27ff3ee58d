namespace Loire.Sagas;

/// <summary>Says what a saga does next. It knows nothing of grains, and keeps nothing: what was done before is in the state.</summary>
internal static class SagaPlanner
{
    public const string TimedOut = "timed-out";

    public static SagaPlan Next(Saga saga, SagaState state, DateTimeOffset now) => state switch
    {
        { Ended: true } => new SagaPlan([], Due: null),
        { InDoubt: [var step, ..] } => new SagaPlan([new SagaMove.Withdraw(step)], Due: null),
        { Status: SagaStatus.Compensating } => Back(state, now),
        _ => On(saga, state, now),
    };

    /// <summary>What an event leads to without anything being done for it: it is recorded together with the event.</summary>
    /// <param name="saga">The definition.</param>
    /// <param name="state">The state after the event.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<SagaEvent> Consequences(Saga saga, SagaState state, DateTimeOffset now)
    {
        while (Next(saga, state, now).Moves is [SagaMove.Note { Event: (SagaEvent.StepBegun or SagaEvent.Completed) and var e }])
        {
            yield return e;
            state = state.Apply(e);
        }
    }

    /// <summary>What shows that a saga cannot be run by what is registered.</summary>
    public static SagaPlan Stuck(SagaState state, SagaRefusal why, DateTimeOffset now)
    {
        var step = state.CurrentStep ?? "";
        var standing = state.StandingOf(step);
        return standing is { Stuck: true, RetryAt: { } at } && standing.Code == why.Code && at > now
            ? new SagaPlan([], at)
            : new SagaPlan([Stuck(state, step, new StepRetry(), why.Code, why.Detail, now)], Due: null);
    }

    public static SagaMove.Note Stuck(
        SagaState state, string step, StepRetry policy, string code, string reason, DateTimeOffset now, IReadOnlyList<int>? usedUp = null) => new(
        step,
        new SagaEvent.StepStuck(
            step, code, reason, now + policy.SlowDelay($"{state.SagaType}/{step}", state.StandingOf(step).Attempts), usedUp));

    private static SagaPlan Back(SagaState state, DateTimeOffset now)
    {
        if (state.ToCompensate.IsEmpty)
        {
            return new SagaPlan([new SagaMove.GiveUp()], Due: null);
        }

        var standing = state.StandingOf(state.ToCompensate[0]);
        return standing.RetryAt > now
            ? new SagaPlan([], standing.RetryAt)
            : new SagaPlan([new SagaMove.Undo(standing.Step, standing)], Due: null);
    }

    private static SagaPlan On(Saga saga, SagaState state, DateTimeOffset now)
    {
        if (!state.IsPastReturn && state.Deadline <= now)
        {
            return new SagaPlan([new SagaMove.Note("", new SagaEvent.CompensationRequested("The saga was not done by its deadline."))], Due: null);
        }

        var moves = new List<SagaMove>();
        var due = state.IsPastReturn ? null : state.Deadline;
        foreach (var name in state.CurrentSteps)
        {
            var (move, next) = On(saga.Find(name)!, saga, state, now);
            due = new[] { due, next }.Min();
            if (move is SagaMove.Note)
            {
                return new SagaPlan([move], Due: null);
            }

            moves.AddRange(move is null ? [] : [move]);
        }

        return moves.Count == 0 && !state.CurrentSteps.Any()
            ? new SagaPlan([new SagaMove.Note("", new SagaEvent.Completed())], Due: null)
            : new SagaPlan(moves, due);
    }

    private static (SagaMove? Move, DateTimeOffset? Due) On(SagaStep step, Saga saga, SagaState state, DateTimeOffset now)
    {
        var standing = state.StandingOf(step.Name);
        return standing switch
        {
            { Due: { } due } when due <= now => (Late(step, saga, state, standing, now), null),
            { Waits: true } => (null, standing.Due),
            { RetryAt: { } at } when at > now => (null, new[] { at, standing.Due }.Min()),
            { Due: null } when step.Limit is { } limit && (step.Waits || !standing.Stuck) =>
                (new SagaMove.Note(step.Name, new SagaEvent.StepBegun(step.Name, now + limit)), null),
            _ => (new SagaMove.Send(step.Name, standing), standing.Due),
        };
    }

    private static SagaMove Late(SagaStep step, Saga saga, SagaState state, StepStanding standing, DateTimeOffset now)
    {
        const string Reason = "It took too long.";
        var attempt = standing.Attempts + 1;
        if (standing.Waits && step.RetryPolicy.Covers(TimedOut, attempt))
        {
            var again = now + step.RetryPolicy.DelayAfter($"{state.SagaType}/{step.Name}", attempt);
            return new SagaMove.Note(step.Name, new SagaEvent.AttemptFailed(
                step.Name, TimedOut, Reason, attempt, again, SagaProgress.AllKeysOf(saga, state, step)));
        }

        return state.IsPastReturn
            ? Stuck(
                state, step.Name, step.RetryPolicy, TimedOut, Reason, now, standing.Waits ? SagaProgress.AllKeysOf(saga, state, step) : null)
            : new SagaMove.Note(step.Name, new SagaEvent.StepFailed(step.Name, TimedOut, Reason, Begun: false));
    }
}
