using System.Collections.Immutable;
using System.Text.Json;
using Loire.Projections;

namespace Loire.Sagas;

/// <summary>All sagas, for people and for recovery.</summary>
public sealed class SagasView : Projection<SagaView>
{
    public const string Name = "sagas";

    public SagasView()
        : base(Name)
    {
        OnSaga<SagaEvent.Started>(_ => null, e => e.SagaType);
        OnSaga<SagaEvent.StepCompleted>(e => e.Step, _ => null);
        OnSaga<SagaEvent.StepFailed>(e => e.Step, e => $"{e.Code}: {e.Reason}");
        OnSaga<SagaEvent.CompensationRequested>(_ => null, e => e.Reason);
        OnSaga<SagaEvent.StepCompensated>(e => e.Step, e => e.Rejections.Count == 0 ? null : string.Join("; ", e.Rejections));
        OnSaga<SagaEvent.Completed>(_ => null, _ => null);
        OnSaga<SagaEvent.Failed>(_ => null, e => e.Reason);
    }

    private void OnSaga<TEvent>(Func<TEvent, string?> step, Func<TEvent, string?> detail)
        where TEvent : SagaEvent =>
        On<TEvent>(
            (_, info) => $"{info.Aggregate}:{info.AggregateId}",
            (view, e, info) =>
            {
                var what = JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(TEvent).Name);
                var entry = new SagaHistoryEntry(what, step(e), detail(e), info.OccurredAt);
                return SagaView.Of(view, (view?.ToState() ?? new SagaState()).Apply(e), info, entry);
            });
}

/// <summary>A saga as people see it.</summary>
public sealed record SagaView
{
    [Indexed]
    public required string SagaId { get; init; }

    public required string SagaType { get; init; }

    [Indexed]
    public required SagaStatus Status { get; init; }

    public string? CurrentStep { get; init; }

    public required ImmutableList<string> Steps { get; init; }

    public required ImmutableList<string> CompletedSteps { get; init; }

    public required ImmutableList<string> CompensatedSteps { get; init; }

    /// <summary>Steps that are still to be undone if the saga fails, the next one first.</summary>
    public required ImmutableList<string> ToCompensate { get; init; }

    /// <summary>Why it failed or was undone.</summary>
    public string? Reason { get; init; }

    public required JsonElement Context { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required ImmutableList<SagaHistoryEntry> History { get; init; }

    internal static SagaView Of(SagaView? before, SagaState state, EventInfo info, SagaHistoryEntry entry) => new()
    {
        SagaId = info.AggregateId,
        SagaType = state.SagaType,
        Status = state.Status,
        CurrentStep = state.CurrentStep,
        Steps = state.Steps,
        CompletedSteps = state.CompletedSteps,
        CompensatedSteps = state.CompensatedSteps,
        ToCompensate = state.ToCompensate,
        Reason = state.Reason,
        Context = state.Context,
        CreatedAt = before?.CreatedAt ?? info.OccurredAt,
        UpdatedAt = info.OccurredAt,
        History = (before?.History ?? []).Add(entry),
    };

    internal SagaState ToState() => new()
    {
        Status = Status,
        SagaType = SagaType,
        Steps = Steps,
        CompletedSteps = CompletedSteps,
        CompensatedSteps = CompensatedSteps,
        ToCompensate = ToCompensate,
        Reason = Reason,
        Context = Context,
    };
}

/// <param name="Event">What happened, kebab-case.</param>
/// <param name="Step">The step that it happened to.</param>
/// <param name="Detail">More of it, for people.</param>
/// <param name="At">When.</param>
public sealed record SagaHistoryEntry(string Event, string? Step, string? Detail, DateTimeOffset At);
