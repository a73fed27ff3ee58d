using System.Collections.Immutable;
using Loire.Aggregates;

namespace Loire.Simulation.RandomSagas;

internal abstract record WorkCommand
{
    /// <summary>Does something, unless the worker does not want to.</summary>
    /// <param name="Effect">What: saga, step and number of the command.</param>
    /// <param name="Run">Which run of the step asks for it.</param>
    /// <param name="Seen">What the saga knew then.</param>
    public sealed record Do(string Effect, int Run, string Seen) : WorkCommand;

    public sealed record Undo(string Effect) : WorkCommand;

    /// <summary>Sent when a saga has been undone.</summary>
    public sealed record Close(string Saga) : WorkCommand;

    public sealed record Change(Mood Mood) : WorkCommand;
}

internal abstract record WorkEvent
{
    public sealed record Done(string Effect, int Run, string Seen) : WorkEvent;

    /// <summary>Accepted, and yet the step has failed.</summary>
    public sealed record Declined(string Effect, int Run) : WorkEvent;

    public sealed record Undone(string Effect) : WorkEvent;

    public sealed record Closed(string Saga) : WorkEvent;

    public sealed record Changed(Mood Mood) : WorkEvent;
}

/// <summary>What a worker does with what sagas ask for.</summary>
internal enum Mood
{
    Willing,

    /// <summary>Rejects what is to be done, and it is worth another attempt.</summary>
    Busy,

    /// <summary>Rejects it for good.</summary>
    Refusing,

    /// <summary>Accepts it, and nothing comes of it.</summary>
    Declining,

    /// <summary>Rejects what is to be undone.</summary>
    Stubborn,
}

/// <param name="Mood">Its mood.</param>
/// <param name="Standing">What it has done and not undone.</param>
internal sealed record Worker(Mood Mood, ImmutableList<string> Standing);

internal sealed class WorkDecider : IDecider<WorkCommand, Worker, WorkEvent>
{
    public Worker Initial { get; } = new(Mood.Willing, []);

    public Decision<WorkEvent> Decide(WorkCommand command, Worker state, CommandContext context) => (command, state.Mood) switch
    {
        (WorkCommand.Do, Mood.Busy) => new Rejection("busy", "Later, perhaps."),
        (WorkCommand.Do, Mood.Refusing) => new Rejection("refused", "Never."),
        (WorkCommand.Do todo, Mood.Declining) => new WorkEvent.Declined(todo.Effect, todo.Run),
        (WorkCommand.Do todo, _) => new WorkEvent.Done(todo.Effect, todo.Run, todo.Seen),
        (WorkCommand.Undo undo, _) when !state.Standing.Contains(undo.Effect) => Array.Empty<WorkEvent>(),
        (WorkCommand.Undo, Mood.Stubborn) => new Rejection("stubborn", "It stays as it is."),
        (WorkCommand.Undo undo, _) => new WorkEvent.Undone(undo.Effect),
        (WorkCommand.Close close, _) => new WorkEvent.Closed(close.Saga),
        (WorkCommand.Change change, var mood) => change.Mood == mood ? Array.Empty<WorkEvent>() : new WorkEvent.Changed(change.Mood),
        _ => throw new NotSupportedException($"No command of a worker: {command}"),
    };

    public Worker Evolve(Worker state, WorkEvent @event) => @event switch
    {
        WorkEvent.Done done => state with { Standing = state.Standing.Remove(done.Effect).Add(done.Effect) },
        WorkEvent.Undone undone => state with { Standing = state.Standing.Remove(undone.Effect) },
        WorkEvent.Changed changed => state with { Mood = changed.Mood },
        _ => state,
    };
}

[GrainType(Type)]
internal sealed class WorkGrain : AggregateGrain<WorkCommand, Worker, WorkEvent>
{
    public const string Type = "work";
}
