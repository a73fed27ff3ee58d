using Loire.Aggregates;
using Loire.Serialization;

namespace Loire.Testing;

/// <summary>
/// What an aggregate is given: events that have happened, and who commands when. Each step gives a new specification, so
/// that several can begin with the same. Commands and events go through their stored forms, as they do on the platform.
/// </summary>
public sealed class AggregateSpecification<TCommand, TState, TEvent>
    where TCommand : class
    where TState : class
    where TEvent : class
{
    private readonly Rules _rules;

    internal AggregateSpecification(IDecider<TCommand, TState, TEvent> decider)
        : this(
            new Rules(decider, new CommandCodec(typeof(TCommand)), new EventCodec("aggregate", typeof(TEvent))),
            new CommandContext("id", new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero)),
            [])
    {
    }

    private AggregateSpecification(Rules rules, CommandContext context, IReadOnlyList<TEvent> history)
    {
        _rules = rules;
        Context = context;
        History = history;
    }

    internal CommandContext Context { get; }

    internal IReadOnlyList<TEvent> History { get; }

    internal TState State => History.Aggregate(_rules.Decider.Initial, _rules.Decider.Evolve);

    /// <summary>The aggregate's id; <c>id</c> unless it is said.</summary>
    public AggregateSpecification<TCommand, TState, TEvent> WithId(string id) => new(_rules, Context with { AggregateId = id }, History);

    /// <summary>The user who commands; unknown unless it is said.</summary>
    public AggregateSpecification<TCommand, TState, TEvent> By(string userId) => new(_rules, Context with { UserId = userId }, History);

    /// <summary>When the command is decided; noon on 1 January 2030, UTC, unless it is said.</summary>
    public AggregateSpecification<TCommand, TState, TEvent> At(DateTimeOffset now) => new(_rules, Context with { Now = now }, History);

    /// <summary>These events have happened, after those given before.</summary>
    /// <exception cref="SpecificationException">An event does not come back from its stored form as it went in.</exception>
    public AggregateSpecification<TCommand, TState, TEvent> Given(params IReadOnlyList<TEvent> events) =>
        new(_rules, Context, [.. History, .. events.Select(e => StoredForm.Of(_rules.Events, e))]);

    /// <summary>These commands have been accepted, one after the other.</summary>
    /// <exception cref="SpecificationException">One of them is not accepted.</exception>
    public AggregateSpecification<TCommand, TState, TEvent> GivenCommands(params IReadOnlyList<TCommand> commands) =>
        commands.Aggregate(this, (specification, command) => specification.When(command).Accepted());

    /// <summary>A command comes.</summary>
    /// <exception cref="SpecificationException">The decider throws, or an event or the command does not come back from its stored form.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> When(TCommand command)
    {
        var (decoded, failure) = StoredForm.Of(_rules.Commands, command);
        return new(this, command, failure ?? Decide(decoded!));
    }

    // A decision, or the failure of a command that is not even decided.
    private object Decide(TCommand command)
    {
        try
        {
            return _rules.Decider.Decide(command, State, Context) switch
            {
                Decision<TEvent>.Accept accepted => new Decision<TEvent>.Accept([.. accepted.Events.Select(e => StoredForm.Of(_rules.Events, e))]),
                var rejected => rejected,
            };
        }
        catch (Exception e) when (e is not SpecificationException)
        {
            throw new Report($"The decider threw {e.GetType().Name}: {e.Message}")
                .With("given", History.Select(Named.Of))
                .With("when", Named.Of(command))
                .ToException(e);
        }
    }

    private sealed record Rules(IDecider<TCommand, TState, TEvent> Decider, CommandCodec Commands, EventCodec Events);
}
