using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Loire.Sagas;

public enum SagaStatus
{
    /// <summary>Not a saga yet.</summary>
    None,
    Started,
    Running,
    Completed,
    Compensating,
    Failed,
}

/// <summary>A saga as folded from its events.</summary>
public sealed record SagaState
{
    public SagaStatus Status { get; init; }

    public string SagaType { get; init; } = "";

    public ImmutableList<string> Steps { get; init; } = [];

    public JsonElement Context { get; init; }

    public SagaCause Cause { get; init; } = SagaCause.Unknown;

    public ImmutableList<string> CompletedSteps { get; init; } = [];

    public ImmutableList<string> CompensatedSteps { get; init; } = [];

    /// <summary>Steps that are to be undone, the next one first.</summary>
    public ImmutableList<string> ToCompensate { get; init; } = [];

    /// <summary>
    /// The step that was under way when the saga turned back. Its commands may still be on their way, sent by a silo that was
    /// taken for dead, so they are withdrawn before anything is undone.
    /// </summary>
    public string? InDoubt { get; init; }

    /// <summary>Why it failed or was undone.</summary>
    public string? Reason { get; init; }

    [JsonIgnore]
    public bool Ended => Status is SagaStatus.None or SagaStatus.Completed or SagaStatus.Failed;

    internal bool CanBeUndone => Status is SagaStatus.Started or SagaStatus.Running or SagaStatus.Completed;

    /// <summary>The step that is being done or undone now.</summary>
    public string? CurrentStep => Status switch
    {
        SagaStatus.Started or SagaStatus.Running => Steps.ElementAtOrDefault(CompletedSteps.Count),
        SagaStatus.Compensating => ToCompensate.FirstOrDefault(),
        _ => null,
    };

    public SagaState Apply(SagaEvent e) => e switch
    {
        SagaEvent.Started started => this with
        {
            Status = SagaStatus.Started, SagaType = started.SagaType, Steps = [.. started.Steps], Context = started.Context, Cause = started.Cause,
        },
        SagaEvent.StepCompleted done => this with
        {
            Status = Status == SagaStatus.Compensating ? Status : SagaStatus.Running,
            CompletedSteps = CompletedSteps.Add(done.Step),
            ToCompensate = WithFirst(done.Step),
        },
        SagaEvent.StepFailed failed => this with
        {
            Status = SagaStatus.Compensating,
            ToCompensate = failed.Begun ? WithFirst(failed.Step) : ToCompensate,
            InDoubt = failed.Step,
            Reason = Reason ?? failed.Reason,
        },
        SagaEvent.CompensationRequested requested => this with
        {
            Status = SagaStatus.Compensating,
            // Its commands may be on their way, and if the process ends now, nobody will learn whether they arrived.
            ToCompensate = CurrentStep is { } underWay ? WithFirst(underWay) : ToCompensate,
            InDoubt = CurrentStep ?? InDoubt,
            Reason = Reason ?? requested.Reason,
        },
        SagaEvent.StepCompensated undone => this with
        {
            ToCompensate = ToCompensate.Remove(undone.Step),
            InDoubt = null,
            CompensatedSteps = CompletedSteps.Contains(undone.Step) ? CompensatedSteps.Add(undone.Step) : CompensatedSteps,
        },
        SagaEvent.Completed when Status == SagaStatus.Compensating => this,
        SagaEvent.Completed => this with { Status = SagaStatus.Completed },
        SagaEvent.Failed failed => this with { Status = SagaStatus.Failed, Reason = failed.Reason },
        _ => throw new NotSupportedException($"No saga event: {e.GetType()}"),
    };

    private ImmutableList<string> WithFirst(string step) => ToCompensate.Contains(step) ? ToCompensate : ToCompensate.Insert(0, step);
}
