using System.Collections.Immutable;
using Loire.Projections;

namespace Loire.Processes;

/// <summary>
/// What a process makes of an event, a timer or a rejection: where it goes, what it knows from now on, what it sends. It
/// cannot be changed: each method gives another move, with one thing more in it, and the handler returns the last.
/// </summary>
/// <typeparam name="TData">What the process remembers.</typeparam>
public sealed record ProcessMove<TData>
    where TData : class
{
    internal ProcessMove(ProcessMoment moment, TData data)
    {
        Moment = moment;
        Data = data;
    }

    /// <summary>The instance's id.</summary>
    public string Id => Moment.Id;

    /// <summary>The time of the decision, UTC.</summary>
    public DateTimeOffset Now => Moment.Now;

    /// <summary>The state in which the process is; empty when it starts.</summary>
    public string State => Moment.State;

    /// <summary>The event that is handled; <see langword="null"/> for timers and rejections.</summary>
    public EventInfo? Event => Moment.Event;

    /// <summary>What the process remembers, as this move leaves it.</summary>
    public TData Data { get; private init; }

    internal ProcessMoment Moment { get; }

    internal string? To { get; private init; }

    internal ImmutableList<ProcessDispatch> Commands { get; private init; } = [];

    /// <summary>Timers that are set, or cancelled if they have no time.</summary>
    internal ImmutableDictionary<string, DateTimeOffset?> Timers { get; private init; } =
        ImmutableDictionary<string, DateTimeOffset?>.Empty;

    /// <summary>Remembers something else.</summary>
    public ProcessMove<TData> With(TData data) => this with { Data = data };

    /// <summary>Goes to one of the states that the handler declares; a handler that declares a single one goes there by itself.</summary>
    public ProcessMove<TData> GoTo(string state) => this with { To = state };

    /// <summary>Stays, though the handler declares a state to go to.</summary>
    public ProcessMove<TData> Stay() => this with { To = State };

    /// <summary>Sends a command once the move is on disk. It takes effect once, however often it is sent.</summary>
    public ProcessMove<TData> Send(string aggregate, string id, object command) =>
        this with { Commands = Commands.Add(new ProcessDispatch(aggregate, id, command)) };

    /// <summary>Sets a timer, or sets it anew. It is dropped in a state that has no handler for it.</summary>
    /// <param name="delay">From now; zero or more.</param>
    /// <param name="timer">Its name, as the process declares it.</param>
    public ProcessMove<TData> After(TimeSpan delay, string timer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return At(Now + delay, timer);
    }

    /// <summary>Sets a timer to an instant, or sets it anew; one that lies in the past is due at once.</summary>
    public ProcessMove<TData> At(DateTimeOffset due, string timer) =>
        this with { Timers = Timers.SetItem(timer, due.ToUniversalTime()) };

    /// <summary>Cancels a timer; nothing happens if it is not set.</summary>
    public ProcessMove<TData> Cancel(string timer) => this with { Timers = Timers.SetItem(timer, null) };

    internal ProcessOutcome Outcome => new(To, Data, Commands, Timers);
}

/// <summary>When and where something is decided.</summary>
/// <param name="Id">The instance's id.</param>
/// <param name="Now">The time, UTC.</param>
/// <param name="State">The state that the process is in; empty when it starts.</param>
/// <param name="Event">The event, if it is one.</param>
internal sealed record ProcessMoment(string Id, DateTimeOffset Now, string State, EventInfo? Event);

/// <summary>A command that is to be sent.</summary>
internal sealed record ProcessDispatch(string Aggregate, string Id, object Command);

/// <summary>What a handler has decided.</summary>
internal sealed record ProcessOutcome(
    string? To, object Data, ImmutableList<ProcessDispatch> Commands, ImmutableDictionary<string, DateTimeOffset?> Timers);
