using System.Text.Json;

namespace Loire.Sagas;

/// <summary>What a saga records of itself.</summary>
public abstract record SagaEvent
{
    private SagaEvent()
    {
    }

    /// <param name="SagaType">The saga's type.</param>
    /// <param name="Steps">The names of its steps, in order.</param>
    /// <param name="Context">What it needs to know.</param>
    /// <param name="Cause">What it was started by; goes on with its commands.</param>
    public sealed record Started(string SagaType, IReadOnlyList<string> Steps, JsonElement Context, SagaCause Cause) : SagaEvent;

    public sealed record StepCompleted(string Step) : SagaEvent;

    /// <param name="Step">The step.</param>
    /// <param name="Code">Of the rejection.</param>
    /// <param name="Reason">Of the rejection, for people.</param>
    /// <param name="Begun">Some of its commands had been accepted, so it is compensated too.</param>
    public sealed record StepFailed(string Step, string Code, string Reason, bool Begun) : SagaEvent;

    /// <summary>Everything done so far is to be undone, though no step has failed.</summary>
    public sealed record CompensationRequested(string Reason) : SagaEvent;

    /// <param name="Step">The step.</param>
    /// <param name="Rejections">What stood against undoing it, if anything did; it is not tried again.</param>
    public sealed record StepCompensated(string Step, IReadOnlyList<string> Rejections) : SagaEvent;

    public sealed record Completed : SagaEvent;

    public sealed record Failed(string Reason) : SagaEvent;
}
