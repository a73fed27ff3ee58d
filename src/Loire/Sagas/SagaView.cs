using System.Collections.Immutable;
using System.Text.Json;
using Loire.Projections;

namespace Loire.Sagas;

/// <summary>A saga as people see it.</summary>
public sealed record SagaView
{
    [Indexed]
    public required string SagaId { get; init; }

    public required string SagaType { get; init; }

    /// <summary>Of its definition.</summary>
    public required int Version { get; init; }

    [Indexed]
    public required SagaStatus Status { get; init; }

    public string? CurrentStep { get; init; }

    /// <summary>Whether it needs somebody's help: <see cref="Pending"/> says where and why.</summary>
    [Indexed]
    public required bool Stuck { get; init; }

    /// <summary>Whether something could not be undone: <see cref="OpenWork"/> says what.</summary>
    [Indexed]
    public required bool HasOpenWork { get; init; }

    public required SagaCount Progress { get; init; }

    public required ImmutableList<string> Steps { get; init; }

    /// <summary>The steps; those that are done at the same time stand together.</summary>
    public required ImmutableList<ImmutableList<string>> Stages { get; init; }

    /// <summary>The step after which it is not undone any more.</summary>
    public string? NoReturnAfter { get; init; }

    public required ImmutableList<string> CompletedSteps { get; init; }

    public required ImmutableList<string> SkippedSteps { get; init; }

    public required ImmutableList<string> CompensatedSteps { get; init; }

    /// <summary>Steps that are still to be undone if the saga fails, the next one first.</summary>
    public required ImmutableList<string> ToCompensate { get; init; }

    /// <summary>Steps whose commands are to be withdrawn.</summary>
    public required ImmutableList<string> InDoubt { get; init; }

    /// <summary>Where the steps stand that are being done or undone, if there is something to say of them.</summary>
    public required ImmutableList<StepStanding> Pending { get; init; }

    /// <summary>What could not be undone, and is left to be done by hand.</summary>
    public required ImmutableList<OpenWork> OpenWork { get; init; }

    /// <summary>Why it failed or was undone.</summary>
    public string? Reason { get; init; }

    public required JsonElement Context { get; init; }

    [Indexed]
    public string? CorrelationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it has to be done.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When it is looked after, if nothing happens before.</summary>
    [Indexed]
    public DateTimeOffset? WakeAt { get; init; }

    public required ImmutableList<SagaHistoryEntry> History { get; init; }

    internal static SagaView Of(SagaView? before, SagaState state, EventInfo info, SagaHistoryEntry entry) => new()
    {
        SagaId = info.AggregateId,
        SagaType = state.SagaType,
        Version = state.Version,
        Status = state.Status,
        CurrentStep = state.CurrentStep,
        Stuck = state.IsStuck,
        HasOpenWork = !state.OpenWork.IsEmpty,
        Progress = new SagaCount(state.CompletedSteps.Count + state.SkippedSteps.Count, state.Steps.Count),
        Steps = state.Steps,
        Stages = state.Stages,
        NoReturnAfter = state.NoReturnAfter,
        CompletedSteps = state.CompletedSteps,
        SkippedSteps = state.SkippedSteps,
        CompensatedSteps = state.CompensatedSteps,
        ToCompensate = state.ToCompensate,
        InDoubt = state.InDoubt,
        Pending = state.Pending,
        OpenWork = state.OpenWork,
        Reason = state.Reason,
        Context = state.Context,
        CorrelationId = before?.CorrelationId ?? info.Metadata.CorrelationId,
        CreatedAt = before?.CreatedAt ?? info.OccurredAt,
        UpdatedAt = info.OccurredAt,
        Deadline = state.Deadline,
        WakeAt = state.WakeAt(info.OccurredAt),
        History = (before?.History ?? []).Add(entry),
    };

    /// <summary>As much of the state as a view needs to go on from here.</summary>
    internal SagaState ToState() => new()
    {
        Status = Status,
        SagaType = SagaType,
        Version = Version,
        Steps = Steps,
        Stages = Stages,
        NoReturnAfter = NoReturnAfter,
        Deadline = Deadline,
        CompletedSteps = CompletedSteps,
        SkippedSteps = SkippedSteps,
        CompensatedSteps = CompensatedSteps,
        ToCompensate = ToCompensate,
        InDoubt = InDoubt,
        Pending = Pending,
        OpenWork = OpenWork,
        Reason = Reason,
        Context = Context,
    };
}

/// <summary>How much of a saga is done.</summary>
/// <param name="Done">Steps that have been completed or skipped.</param>
/// <param name="Total">Steps in all.</param>
public sealed record SagaCount(int Done, int Total);

/// <param name="Event">What happened, kebab-case.</param>
/// <param name="Step">The step that it happened to.</param>
/// <param name="Detail">More of it, for people.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it, if somebody did.</param>
/// <param name="CausationId">What led to it.</param>
public sealed record SagaHistoryEntry(
    string Event, string? Step, string? Detail, DateTimeOffset At, string? By = null, string? CausationId = null);
