using System.Text.Json;
using Loire.EventLog;

namespace Loire.Processes;

/// <summary>What a process records of itself.</summary>
public abstract record ProcessEvent
{
    private ProcessEvent()
    {
    }

    /// <summary>Something came, and the process has made something of it.</summary>
    /// <param name="ProcessType">The process's type.</param>
    /// <param name="Input">What came.</param>
    /// <param name="From">The state before; <see langword="null"/> at the start.</param>
    /// <param name="To">The state after.</param>
    /// <param name="Data">What the process remembers after it.</param>
    /// <param name="Timers">The timers that are set after it.</param>
    /// <param name="Commands">What is to be sent.</param>
    /// <param name="Ends">Whether the process has ended with it.</param>
    /// <param name="Cause">Who and what led to it; goes on with the commands.</param>
    public sealed record Moved(
        string ProcessType,
        ProcessInput Input,
        string? From,
        string To,
        JsonElement Data,
        IReadOnlyList<ProcessTimer> Timers,
        IReadOnlyList<ProcessCommand> Commands,
        bool Ends,
        EventMetadata Cause) : ProcessEvent;

    /// <summary>An event came that is ignored in the state in which the process is.</summary>
    public sealed record Ignored(ProcessInput Input) : ProcessEvent;

    /// <summary>A command has been accepted.</summary>
    /// <param name="Number">The command's number.</param>
    public sealed record CommandSent(long Number) : ProcessEvent;

    /// <summary>A command has been rejected. It is withdrawn next, so that nobody sends it again.</summary>
    /// <param name="Number">The command's number.</param>
    /// <param name="Code">Of the rejection.</param>
    /// <param name="Reason">Of the rejection, for people.</param>
    public sealed record CommandRejected(long Number, string Code, string Reason) : ProcessEvent;

    /// <summary>A command that was rejected can take no effect any more.</summary>
    /// <param name="Number">The command's number.</param>
    public sealed record CommandWithdrawn(long Number) : ProcessEvent;

    /// <summary>The process has ended, because something came that it declares to fail on.</summary>
    public sealed record Failed(ProcessInput Input, string Reason) : ProcessEvent;
}

public enum ProcessInputKind
{
    /// <summary>An event of an aggregate.</summary>
    Event,

    /// <summary>A timer that was due.</summary>
    Timer,

    /// <summary>The rejection of a command.</summary>
    Rejection,
}

/// <summary>What came to a process.</summary>
/// <param name="Kind">Of what kind it is.</param>
/// <param name="Name">The event's type as in the log, the timer's name, or the command's type.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Stream">The event's aggregate, as in <c>order/1001</c>.</param>
/// <param name="Version">The event's place in its stream.</param>
/// <param name="Position">The event's place in the log.</param>
public sealed record ProcessInput(
    ProcessInputKind Kind, string Name, Guid? EventId = null, string? Stream = null, long Version = 0, long Position = 0)
{
    internal static ProcessInput Of(RecordedEvent e) =>
        new(ProcessInputKind.Event, e.Type, e.EventId, e.Stream.ToString(), e.Version, e.Position);
}

/// <param name="Name">The timer's name.</param>
/// <param name="Due">When it is due, UTC.</param>
public sealed record ProcessTimer(string Name, DateTimeOffset Due);

/// <summary>A command that a process has decided to send.</summary>
/// <param name="Number">1, 2, 3… within the process; part of its idempotency key.</param>
/// <param name="Aggregate">Type of the aggregate.</param>
/// <param name="Id">Id of the aggregate.</param>
/// <param name="Name">The command's name, kebab-case.</param>
/// <param name="Type">The command's type, as handlers of rejections name it.</param>
/// <param name="Payload">The command.</param>
public sealed record ProcessCommand(long Number, string Aggregate, string Id, string Name, string Type, JsonElement Payload);
