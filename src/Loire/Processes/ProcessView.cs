using System.Collections.Immutable;
using System.Text.Json;
using Loire.Projections;

namespace Loire.Processes;

/// <summary>A process as people see it.</summary>
public sealed record ProcessView
{
    /// <summary>The history holds the last so many entries; the process's stream has all of it.</summary>
    public const int MaxHistory = 100;

    // A command that is still unsent by then was forgotten by a silo that ended.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Indexed]
    public required string ProcessId { get; init; }

    [Indexed]
    public required string ProcessType { get; init; }

    [Indexed]
    public required ProcessStatus Status { get; init; }

    /// <summary>The state of its definition that it is in.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>What it remembers.</summary>
    public JsonElement? Data { get; init; }

    public required ImmutableList<ProcessTimer> Timers { get; init; }

    /// <summary>Commands that are still to be sent.</summary>
    public required ImmutableList<ProcessCommand> Outbox { get; init; }

    /// <summary>That of the event that started it.</summary>
    [Indexed]
    public string? CorrelationId { get; init; }

    /// <summary>When there is something to do: the first timer, or commands that should have been sent.</summary>
    [Indexed]
    public DateTimeOffset? WakeAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What has happened to it lately, the oldest first.</summary>
    public required ImmutableList<ProcessHistoryEntry> History { get; init; }

    internal static ProcessView Of(EventInfo info) => new()
    {
        ProcessId = info.AggregateId,
        ProcessType = info.Aggregate,
        Status = ProcessStatus.None,
        State = "",
        Timers = [],
        Outbox = [],
        CorrelationId = info.Metadata.CorrelationId,
        CreatedAt = info.OccurredAt,
        UpdatedAt = info.OccurredAt,
        History = [],
    };

    internal ProcessView Moved(ProcessEvent.Moved e, EventInfo info) => this with
    {
        Status = e.Ends ? ProcessStatus.Completed : ProcessStatus.Running,
        State = e.To,
        Data = e.Data,
        Timers = [.. e.Timers],
        Outbox = Outbox.AddRange(e.Commands),
        CorrelationId = Status == ProcessStatus.None ? info.Metadata.CorrelationId : CorrelationId,
    };

    internal ProcessView Failed(ProcessEvent.Failed e) => this with { Status = ProcessStatus.Failed, Reason = e.Reason, Timers = [] };

    internal ProcessView Without(long number) => this with { Outbox = Outbox.RemoveAll(c => c.Number == number) };

    internal ProcessView Then(ProcessHistoryEntry entry, EventInfo info) => this with
    {
        UpdatedAt = info.OccurredAt,
        History = [.. History.Skip(History.Count + 1 - MaxHistory), entry],
        WakeAt = Timers.Select(t => (DateTimeOffset?)t.Due).Append(Outbox.Count > 0 ? info.OccurredAt + Patience : null).Min(),
    };
}

/// <param name="Event">What happened, kebab-case.</param>
/// <param name="Input">What had come: the type of an event, a timer, a command.</param>
/// <param name="Detail">More of it, for people: the state that it led to, a reason.</param>
/// <param name="At">When.</param>
public sealed record ProcessHistoryEntry(string Event, string? Input, string? Detail, DateTimeOffset At);
