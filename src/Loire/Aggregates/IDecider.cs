namespace Loire.Aggregates;

/// <summary>
/// The rules of one kind of aggregate, as pure functions: no I/O, no clock, no randomness. What they need of the outside
/// world comes in with the <see cref="CommandContext"/>.
/// </summary>
/// <typeparam name="TCommand">Base of the commands; each command is a record nested in it.</typeparam>
/// <typeparam name="TState">The folded state, an immutable record.</typeparam>
/// <typeparam name="TEvent">Base of the events; each event is a record nested in it.</typeparam>
public interface IDecider<in TCommand, TState, TEvent>
{
    /// <summary>The state before the first event.</summary>
    TState Initial { get; }

    /// <summary>What follows from a command: events, nothing, or a rejection.</summary>
    Decision<TEvent> Decide(TCommand command, TState state, CommandContext context);

    /// <summary>The state after an event. It must accept every event that was ever recorded.</summary>
    TState Evolve(TState state, TEvent @event);
}

/// <summary>What a decider may know of the outside world.</summary>
/// <param name="AggregateId">The id of the aggregate that the command is for.</param>
/// <param name="Now">When the command is decided, UTC.</param>
/// <param name="UserId">Who issued it, if known.</param>
public sealed record CommandContext(string AggregateId, DateTimeOffset Now, string? UserId = null);
