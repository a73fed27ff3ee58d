using Loire.EventLog;
using Orleans.Concurrency;

namespace Loire.Sagas;

/// <summary>One saga. Its grain type is the saga's type, its key the saga's id. Every method may be called again if the answer was lost.</summary>
[Alias("loire.saga")]
public interface ISagaGrain : IGrainWithStringKey
{
    /// <summary>Starts the saga and answers when that is on disk; does nothing if it has been started before.</summary>
    [AlwaysInterleave]
    [Alias("start")]
    Task<SagaReply> Start(ReadOnlyMemory<byte> context, SagaCause cause);

    /// <summary>Undoes what has been done, also when the saga has completed; does nothing when it has failed or been undone.</summary>
    [AlwaysInterleave]
    [Alias("compensate")]
    Task<SagaReply> Compensate(string reason, SagaCause? by = null);

    /// <summary>Says that a step has been done that waits for an answer. An answer that comes twice or too late changes nothing.</summary>
    /// <param name="step">The step.</param>
    /// <param name="data">What the answer brings, UTF-8 JSON; empty for nothing.</param>
    /// <param name="run">Which run of the step is meant (<see cref="StepRun.Number"/>); the current one if it is not given.</param>
    /// <param name="by">Where the answer comes from.</param>
    [AlwaysInterleave]
    [Alias("complete-step")]
    Task<SagaReply> CompleteStep(string step, ReadOnlyMemory<byte> data, int? run = null, SagaCause? by = null);

    /// <summary>Says that a step has failed that waits for an answer. An answer that comes twice or too late changes nothing.</summary>
    /// <param name="step">The step.</param>
    /// <param name="code">Why: what <see cref="StepRetry.On"/> goes by.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="run">Which run of the step is meant (<see cref="StepRun.Number"/>); the current one if it is not given.</param>
    /// <param name="by">Where the answer comes from.</param>
    [AlwaysInterleave]
    [Alias("fail-step")]
    Task<SagaReply> FailStep(string step, string code, string reason, int? run = null, SagaCause? by = null);

    /// <summary>Tries a step again now, or its compensation, that waits for its next attempt, is stuck, or was left open.</summary>
    [AlwaysInterleave]
    [Alias("retry-step")]
    Task<SagaReply> RetryStep(string step, SagaCause? by = null);

    /// <summary>Leaves out a step that is being done, or its compensation.</summary>
    [AlwaysInterleave]
    [Alias("skip-step")]
    Task<SagaReply> SkipStep(string step, string reason, SagaCause? by = null);
}

/// <summary>Where a saga stands, and what became of a request.</summary>
/// <param name="Status">Its status; <see cref="SagaStatus.None"/> when it does not exist.</param>
/// <param name="CurrentStep">The step that it is at, if it runs.</param>
/// <param name="Applied">Whether the request has changed anything; a repeated or late one has not.</param>
/// <param name="Refusal">Why it was refused, if it was.</param>
[GenerateSerializer, Immutable, Alias("loire.saga-reply")]
public sealed record SagaReply(
    [property: Id(0)] SagaStatus Status,
    [property: Id(1)] string? CurrentStep,
    [property: Id(2)] bool Applied = false,
    [property: Id(3)] SagaRefusal? Refusal = null);

/// <summary>Why a saga does not do what it is asked for.</summary>
/// <param name="Code"><c>saga-not-found</c>, <c>step-not-found</c>, <c>not-waiting</c>, <c>not-failed</c>, <c>not-current</c>,
/// <c>past-no-return</c>, <c>invalid-answer</c>, <c>invalid-context</c>, <c>unknown-version</c> or <c>unknown-step</c>.</param>
/// <param name="Detail">For people.</param>
[GenerateSerializer, Immutable, Alias("loire.saga-refusal")]
public sealed record SagaRefusal([property: Id(0)] string Code, [property: Id(1)] string Detail);

/// <summary>What a saga was started by.</summary>
[GenerateSerializer, Immutable, Alias("loire.saga-cause")]
public sealed record SagaCause(
    [property: Id(0)] string? CorrelationId,
    [property: Id(1)] string? CausationId,
    [property: Id(2)] string? TraceParent,
    [property: Id(3)] string? UserId,
    [property: Id(4)] string? Tenant)
{
    public static readonly SagaCause Unknown = new(null, null, null, null, null);

    /// <summary>What events carry that follow from it.</summary>
    internal EventMetadata Metadata => new(UserId, CorrelationId, CausationId, TraceParent, Tenant);

    internal static SagaCause Of(RecordedEvent e) => new(
        e.Metadata.CorrelationId, e.EventId.ToString(), e.Metadata.TraceParent, e.Metadata.UserId, e.Metadata.Tenant);
}
