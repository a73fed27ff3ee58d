using System.Collections.Immutable;
using System.Text.Json;
using Loire.Aggregates;
using Loire.EventLog;

namespace Loire.Processes;

public enum ProcessStatus
{
    /// <summary>Not a process yet.</summary>
    None,
    Running,
    Completed,
    Failed,
}

/// <summary>A process as folded from its events.</summary>
public sealed record ProcessState
{
    public ProcessStatus Status { get; init; }

    /// <summary>The state of its definition that it is in.</summary>
    public string State { get; init; } = "";

    /// <summary>What it remembers.</summary>
    public JsonElement Data { get; init; }

    public ImmutableList<ProcessTimer> Timers { get; init; } = [];

    /// <summary>Commands that are still to be sent, the next one first.</summary>
    public ImmutableList<PendingCommand> Outbox { get; init; } = [];

    /// <summary>The number of the last command.</summary>
    public long LastNumber { get; init; }

    /// <summary>The position of the event that started it.</summary>
    public long StartedAt { get; init; }

    /// <summary>Which events it has seen.</summary>
    public SeenEvents Seen { get; init; } = SeenEvents.None;

    /// <summary>Who and what started it.</summary>
    public EventMetadata Cause { get; init; } = EventMetadata.None;

    public ProcessState Apply(ProcessEvent e) => e switch
    {
        ProcessEvent.Moved moved => this with
        {
            Status = moved.Ends ? ProcessStatus.Completed : ProcessStatus.Running,
            State = moved.To,
            Data = moved.Data,
            Timers = [.. moved.Timers],
            Outbox = Outbox.AddRange(moved.Commands.Select(c => new PendingCommand(c, moved.Cause))),
            LastNumber = moved.Commands.Count > 0 ? moved.Commands[^1].Number : LastNumber,
            StartedAt = Status == ProcessStatus.None ? moved.Input.Position : StartedAt,
            Cause = Status == ProcessStatus.None ? moved.Cause : Cause,
            Seen = Seen.With(moved.Input),
        },
        ProcessEvent.Ignored ignored => this with { Seen = Seen.With(ignored.Input) },
        ProcessEvent.Failed failed => this with { Status = ProcessStatus.Failed, Timers = [], Seen = Seen.With(failed.Input) },
        ProcessEvent.CommandSent sent => Without(sent.Number),
        ProcessEvent.CommandRejected rejected => this with
        {
            Outbox = [.. Outbox.Select(c => c.Command.Number == rejected.Number ? c with { Rejection = new Rejection(rejected.Code, rejected.Reason) } : c)],
        },
        ProcessEvent.CommandWithdrawn withdrawn => Without(withdrawn.Number),
        _ => throw new NotSupportedException($"No event of a process: {e.GetType()}"),
    };

    private ProcessState Without(long number) => this with { Outbox = Outbox.RemoveAll(c => c.Command.Number == number) };
}

/// <param name="Command">What is to be sent.</param>
/// <param name="Cause">Who and what led to it.</param>
/// <param name="Rejection">Why it was rejected, if it was: then it is to be withdrawn rather than sent.</param>
public sealed record PendingCommand(ProcessCommand Command, EventMetadata Cause, Rejection? Rejection = null);
