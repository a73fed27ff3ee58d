using System.Collections.Immutable;
using System.Text.Json;

namespace Loire.Sagas;

/// <summary>What a saga makes of a request: an event, nothing because it has no effect any more, or a refusal.</summary>
internal sealed record SagaDecision(SagaEvent? Event = null, SagaRefusal? Refusal = null)
{
    public static readonly SagaDecision Nothing = new();

    public static implicit operator SagaDecision(SagaEvent e) => new(e);

    public static SagaDecision Refuse(string code, string detail) => new(Refusal: new SagaRefusal(code, detail));
}

/// <summary>Decides what people and answers from outside ask of a saga. Pure, as the rules of an aggregate are.</summary>
internal static class SagaDecisions
{
    public static SagaDecision Start(Saga saga, SagaState state, JsonElement context, SagaCause cause, DateTimeOffset now)
    {
        if (state.Status != SagaStatus.None)
        {
            return SagaDecision.Nothing;
        }

        try
        {
            // A saga that cannot read its context could never go on.
            saga.ReadContext(context);
        }
        catch (JsonException e)
        {
            return SagaDecision.Refuse("invalid-context", e.Message);
        }

        return new SagaEvent.Started(
            saga.Type,
            [.. saga.Steps.Select(s => s.Name)],
            context,
            cause,
            saga.Version,
            SagaShape.StagesOf(saga),
            SagaShape.NoReturnAfter(saga),
            now + saga.Limit);
    }

    public static SagaDecision Compensate(SagaState state, string reason) => state switch
    {
        { CanBeUndone: true } => new SagaEvent.CompensationRequested(reason),
        { Status: SagaStatus.Compensating or SagaStatus.Failed or SagaStatus.None } => SagaDecision.Nothing,
        _ => SagaDecision.Refuse("past-no-return", $"The saga has done '{state.NoReturnAfter}' and cannot be undone any more."),
    };

    /// <summary>An answer from outside to a step that waits for one.</summary>
    public static SagaDecision Answer(Saga? saga, SagaState state, string id, StepAnswer answer, DateTimeOffset now)
    {
        if (NotThere(state, answer.Step) is { } refusal)
        {
            return refusal;
        }

        if (saga?.Find(answer.Step) is not { } step)
        {
            return SagaDecision.Refuse("unknown-version", $"Version {state.Version} of the saga's definition is not registered here.");
        }

        if (!step.Waits)
        {
            return SagaDecision.Refuse("not-waiting", $"The step '{answer.Step}' does not wait for an answer.");
        }

        if (!state.IsForward || state.IsDone(answer.Step) || answer.Run < state.RunOf(id, answer.Step).Number)
        {
            return SagaDecision.Nothing;
        }

        // What has not been sent cannot have been done, and is not left out because somebody says so.
        return !state.StandingOf(answer.Step).Waits
            ? SagaDecision.Refuse("not-waiting", $"The saga has not sent the commands of the step '{answer.Step}' yet.")
            : answer.Failure is { } failure ? Failed(saga, state, id, step, failure, now) : Completed(saga, state, step, answer.Data);
    }

    public static SagaDecision Retry(SagaState state, string step)
    {
        if (NotThere(state, step) is { } refusal)
        {
            return refusal;
        }

        return state.OpenWork.Exists(w => w.Step == step) || (!state.Ended && state.StandingOf(step) is { RetryAt: not null } or { Stuck: true })
            ? new SagaEvent.StepRetried(step)
            : SagaDecision.Refuse("not-failed", $"There is nothing of the step '{step}' to be tried again.");
    }

    public static SagaDecision Skip(SagaState state, string step, string reason)
    {
        if (NotThere(state, step) is { } refusal)
        {
            return refusal;
        }

        var open = state.OpenWork.Exists(w => w.Step == step)
            || (state.IsForward && state.CurrentSteps.Contains(step))
            || (state.Status == SagaStatus.Compensating && state.ToCompensate.Contains(step));
        return open
            ? new SagaEvent.StepSkipped(step, reason)
            : SagaDecision.Refuse("not-current", $"The step '{step}' is neither being done nor to be undone.");
    }

    private static SagaDecision? NotThere(SagaState state, string step) =>
        state.Status == SagaStatus.None ? SagaDecision.Refuse("saga-not-found", "No such saga has been started.")
        : state.Steps.Contains(step) ? null
        : SagaDecision.Refuse("step-not-found", $"The saga has no step '{step}'. It has: {string.Join(", ", state.Steps)}.");

    private static SagaDecision Completed(Saga saga, SagaState state, SagaStep step, JsonElement? data)
    {
        try
        {
            var context = step.Take(saga.ReadContext(state.Context), data);
            return new SagaEvent.StepCompleted(
                step.Name, data, context is null ? null : JsonSerializer.SerializeToElement(context, context.GetType(), Serialization.LoireJson.Strict));
        }
        catch (JsonException e)
        {
            return SagaDecision.Refuse("invalid-answer", e.Message);
        }
    }

    private static SagaDecision Failed(Saga saga, SagaState state, string id, SagaStep step, CommandFailure failure, DateTimeOffset now)
    {
        var attempt = state.StandingOf(step.Name).Attempts + 1;
        var keys = SagaProgress.AllKeysOf(saga, state, step);
        var subject = $"{saga.Type}/{id}/{step.Name}";
        return step.RetryPolicy.Covers(failure.Code, attempt)
            ? new SagaEvent.AttemptFailed(
                step.Name, failure.Code, failure.Detail, attempt, now + step.RetryPolicy.DelayAfter(subject, attempt), keys)
            : state.IsPastReturn
                ? new SagaEvent.StepStuck(
                    step.Name, failure.Code, failure.Detail, now + step.RetryPolicy.SlowDelay(subject, attempt - 1), keys)
                : new SagaEvent.StepFailed(step.Name, failure.Code, failure.Detail, Begun: false);
    }
}

/// <summary>An answer from outside to a step that waits for one.</summary>
/// <param name="Step">The step.</param>
/// <param name="Data">What it brings.</param>
/// <param name="Failure">Why the step has failed, if it has.</param>
/// <param name="Run">Which run of the step it answers; the current one if it does not say.</param>
internal sealed record StepAnswer(string Step, JsonElement? Data = null, CommandFailure? Failure = null, int? Run = null);
