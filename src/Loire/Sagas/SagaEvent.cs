using System.Text.Json;

namespace Loire.Sagas;

/// <summary>What a saga records of itself. Times are absolute.</summary>
public abstract record SagaEvent
{
    private SagaEvent()
    {
    }

    /// <param name="SagaType">The saga's type.</param>
    /// <param name="Steps">The names of its steps, in order.</param>
    /// <param name="Context">What it needs to know.</param>
    /// <param name="Cause">What it was started by; goes on with its commands.</param>
    /// <param name="Version">Of its definition.</param>
    /// <param name="Stages">The steps again: those that are done at the same time stand together. One after the other if it is missing.</param>
    /// <param name="NoReturnAfter">The step after which it is not undone any more.</param>
    /// <param name="Deadline">When it has to be done.</param>
    public sealed record Started(
        string SagaType,
        IReadOnlyList<string> Steps,
        JsonElement Context,
        SagaCause Cause,
        int Version = 1,
        IReadOnlyList<IReadOnlyList<string>>? Stages = null,
        string? NoReturnAfter = null,
        DateTimeOffset? Deadline = null) : SagaEvent;

    /// <summary>A step that may take only so long is begun.</summary>
    public sealed record StepBegun(string Step, DateTimeOffset Due) : SagaEvent;

    /// <summary>A step's commands have been accepted; now an answer from outside decides.</summary>
    public sealed record StepSent(string Step) : SagaEvent;

    /// <param name="Step">The step.</param>
    /// <param name="Answer">What the answer brought that it waited for.</param>
    /// <param name="Context">The saga's context, if the answer has changed it.</param>
    public sealed record StepCompleted(string Step, JsonElement? Answer = null, JsonElement? Context = null) : SagaEvent;

    /// <summary>A step, or its compensation, was rejected, and will be tried again.</summary>
    /// <param name="Step">The step.</param>
    /// <param name="Code">Of the rejection.</param>
    /// <param name="Reason">Of the rejection, for people.</param>
    /// <param name="Attempt">Which attempt it was, from 1.</param>
    /// <param name="RetryAt">When the next one comes.</param>
    /// <param name="UsedUp">Numbers of the commands, from 0, that had been accepted: to be sent again, they need new keys.</param>
    public sealed record AttemptFailed(
        string Step, string Code, string Reason, int Attempt, DateTimeOffset RetryAt, IReadOnlyList<int>? UsedUp = null) : SagaEvent;

    /// <summary>The saga cannot go on, at this step, without somebody's help. It is tried again from time to time.</summary>
    public sealed record StepStuck(
        string Step, string Code, string Reason, DateTimeOffset RetryAt, IReadOnlyList<int>? UsedUp = null) : SagaEvent;

    /// <summary>Somebody wants what failed or is stuck, or was left open, to be tried again now.</summary>
    public sealed record StepRetried(string Step) : SagaEvent;

    /// <summary>Somebody has said that a step is not to be done, or not to be undone, any more.</summary>
    public sealed record StepSkipped(string Step, string Reason) : SagaEvent;

    /// <param name="Step">The step.</param>
    /// <param name="Code">Of the rejection, or <c>timed-out</c>.</param>
    /// <param name="Reason">Of the rejection, for people.</param>
    /// <param name="Begun">Some of its commands had been accepted, so it is compensated too.</param>
    public sealed record StepFailed(string Step, string Code, string Reason, bool Begun) : SagaEvent;

    /// <summary>Everything done so far is to be undone, though no step has failed.</summary>
    public sealed record CompensationRequested(string Reason) : SagaEvent;

    /// <summary>The commands of a step that was under way will not take effect any more.</summary>
    /// <param name="Step">The step.</param>
    /// <param name="TookEffect">Some of them had, so it is compensated too.</param>
    public sealed record StepWithdrawn(string Step, bool TookEffect) : SagaEvent;

    /// <param name="Step">The step.</param>
    /// <param name="Rejections">What stood against undoing it, in sagas of before there was <see cref="CompensationFailed"/>.</param>
    public sealed record StepCompensated(string Step, IReadOnlyList<string> Rejections) : SagaEvent;

    /// <summary>A step cannot be undone. What is left to do stays with the saga until somebody has it tried again, or settles it.</summary>
    public sealed record CompensationFailed(string Step, IReadOnlyList<OpenWork> Open, IReadOnlyList<int>? UsedUp = null) : SagaEvent;

    /// <summary>The saga goes on with another version of its definition.</summary>
    public sealed record Migrated(
        int Version,
        IReadOnlyList<string> Steps,
        IReadOnlyList<IReadOnlyList<string>>? Stages,
        string? NoReturnAfter,
        JsonElement Context,
        IReadOnlyList<string> CompletedSteps,
        IReadOnlyList<string> ToCompensate) : SagaEvent;

    public sealed record Completed : SagaEvent;

    public sealed record Failed(string Reason) : SagaEvent;
}

/// <summary>Something that could not be undone.</summary>
/// <param name="Step">The step.</param>
/// <param name="Command">The command that was rejected: <c>payment/o-1: refund</c>.</param>
/// <param name="Error">Why: code and detail.</param>
public sealed record OpenWork(string Step, string Command, string Error);
