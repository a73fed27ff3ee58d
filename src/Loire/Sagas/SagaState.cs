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
public sealed partial record SagaState
{
    /// <summary>How long a saga that has something to do may be still before it is looked after.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public SagaStatus Status { get; init; }

    public string SagaType { get; init; } = "";

    /// <summary>Of its definition.</summary>
    public int Version { get; init; } = 1;

    public ImmutableList<string> Steps { get; init; } = [];

    /// <summary>The steps; those that are done at the same time stand together.</summary>
    public ImmutableList<ImmutableList<string>> Stages { get; init; } = [];

    /// <summary>The step after which it is not undone any more.</summary>
    public string? NoReturnAfter { get; init; }

    /// <summary>When it has to be done.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public JsonElement Context { get; init; }

    /// <summary>
    /// The context as it was when the current stage began. Commands are made of it: they have to be the same when they are
    /// sent again, whatever has been answered meanwhile.
    /// </summary>
    [JsonIgnore]
    public JsonElement StageContext { get; init; }

    public SagaCause Cause { get; init; } = SagaCause.Unknown;

    /// <summary>What is done, in the order in which it was completed.</summary>
    public ImmutableList<string> CompletedSteps { get; init; } = [];

    /// <summary>What somebody has said is not to be done.</summary>
    public ImmutableList<string> SkippedSteps { get; init; } = [];

    public ImmutableList<string> CompensatedSteps { get; init; } = [];

    /// <summary>Steps that are to be undone, the next one first.</summary>
    public ImmutableList<string> ToCompensate { get; init; } = [];

    /// <summary>
    /// Steps that were under way when the saga turned back. Their commands may still be on their way, sent by a silo that was
    /// taken for dead, so they are withdrawn before anything else is done.
    /// </summary>
    public ImmutableList<string> InDoubt { get; init; } = [];

    /// <summary>Where the steps stand that are being done or undone, if there is something to say of them.</summary>
    public ImmutableList<StepStanding> Pending { get; init; } = [];

    public ImmutableList<UsedKey> UsedKeys { get; init; } = [];

    /// <summary>What could not be undone.</summary>
    public ImmutableList<OpenWork> OpenWork { get; init; } = [];

    /// <summary>Why it failed or was undone.</summary>
    public string? Reason { get; init; }

    [JsonIgnore]
    public bool Ended => Status is SagaStatus.None or SagaStatus.Completed or SagaStatus.Failed;

    /// <summary>Whether it needs somebody's help to go on.</summary>
    [JsonIgnore]
    public bool IsStuck => !Ended && Pending.Any(p => p.Stuck);

    /// <summary>The step that is being done or undone now; of several, the first.</summary>
    public string? CurrentStep => IsForward ? CurrentSteps.FirstOrDefault()
        : Status == SagaStatus.Compensating ? ToCompensate.FirstOrDefault() ?? InDoubt.FirstOrDefault()
        : null;

    internal bool IsForward => Status is SagaStatus.Started or SagaStatus.Running;

    /// <summary>The steps that are to be done now.</summary>
    internal IEnumerable<string> CurrentSteps => Stages.FirstOrDefault(stage => !stage.TrueForAll(IsDone))?.Where(s => !IsDone(s)) ?? [];

    internal bool IsPastReturn => NoReturnAfter is { } step && IsDone(step);

    internal bool CanBeUndone => !IsPastReturn && Status is SagaStatus.Started or SagaStatus.Running or SagaStatus.Completed;

    /// <summary>When it should be looked after, if nothing happens before.</summary>
    /// <param name="last">When its last event was.</param>
    internal DateTimeOffset? WakeAt(DateTimeOffset last)
    {
        var soon = last + Patience;
        return Status switch
        {
            SagaStatus.Started or SagaStatus.Running when InDoubt.IsEmpty && CurrentSteps.Any() =>
                CurrentSteps.Select(s => Next(StandingOf(s))).Append(IsPastReturn ? null : Deadline).Min(),
            SagaStatus.Compensating when InDoubt.IsEmpty && ToCompensate is [var step, ..] => StandingOf(step).RetryAt ?? soon,
            SagaStatus.Started or SagaStatus.Running or SagaStatus.Compensating => soon,
            _ => null,
        };

        DateTimeOffset? Next(StepStanding step) => new[] { step.Waits ? null : step.RetryAt ?? soon, step.Due }.Min();
    }

    internal bool IsDone(string step) => CompletedSteps.Contains(step) || SkippedSteps.Contains(step);

    internal StepStanding StandingOf(string step) => Pending.Find(p => p.Step == step) ?? new StepStanding(step);

    /// <summary>How many keys of a command are used up.</summary>
    internal int RoundOf(string step, bool undo, int command) => UsedKeys.Count(k => k == new UsedKey(step, undo, command));

    /// <summary>Which run of a step this is: each time it is begun anew, its first command needs another key.</summary>
    internal StepRun RunOf(string saga, string step) => new(saga, step, 1 + RoundOf(step, undo: false, AllCommands));

    /// <summary>Stands for a step as a whole where a command's number is expected.</summary>
    internal const int AllCommands = -1;
}
