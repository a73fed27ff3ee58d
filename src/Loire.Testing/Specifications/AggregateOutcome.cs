using System.Runtime.CompilerServices;
using Loire.Aggregates;
using Loire.Commands;

namespace Loire.Testing;

/// <summary>What became of a command. Every "then" throws when it does not hold, and may be followed by others, or by the next command.</summary>
public sealed class AggregateOutcome<TCommand, TState, TEvent>
    where TCommand : class
    where TState : class
    where TEvent : class
{
    private readonly AggregateSpecification<TCommand, TState, TEvent> _before;
    private readonly AggregateSpecification<TCommand, TState, TEvent> _after;
    private readonly TCommand _command;
    private readonly object _outcome;

    internal AggregateOutcome(AggregateSpecification<TCommand, TState, TEvent> before, TCommand command, object outcome)
    {
        _before = before;
        _command = command;
        _outcome = outcome;
        _after = outcome is Decision<TEvent>.Accept accepted ? before.Given(accepted.Events) : before;
    }

    /// <summary>The command is accepted, and exactly these events happen, in this order.</summary>
    /// <exception cref="SpecificationException">Something else follows.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> Then(params IReadOnlyList<TEvent> events)
    {
        Named[] expected = [.. events.Select(Named.Of)];
        var difference = _outcome is Decision<TEvent>.Accept accepted
            ? Difference.Between("event", expected, [.. accepted.Events.Select(Named.Of)])
            : "the command is not accepted";
        return difference is null
            ? this
            : throw Failure("The events are not those that were expected.", expected).With("difference", difference).ToException();
    }

    /// <summary>The command is accepted and nothing happens: everything is already as it asks for.</summary>
    /// <exception cref="SpecificationException">Something follows.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> ThenNothing() => Then();

    /// <summary>A business rule stands against the command.</summary>
    /// <param name="code">The rejection's code.</param>
    /// <param name="detail">Its text for people, if that matters.</param>
    /// <exception cref="SpecificationException">The command is accepted, or rejected otherwise.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> ThenRejected(string code, string? detail = null) =>
        _outcome is Decision<TEvent>.Reject { Reason: var reason } && reason.Code == code && (detail ?? reason.Detail) == reason.Detail
            ? this
            : throw Failure("The command is not rejected as it was expected.", $"rejected: {code}{(detail is null ? "" : $", {detail}")}").ToException();

    /// <summary>The command's payload is refused before anything is decided.</summary>
    /// <param name="field">A field that is wrong, by its path: <c>items[0].quantity</c>.</param>
    /// <exception cref="SpecificationException">The payload is good, or something else is wrong with it.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> ThenInvalid(string field) =>
        _outcome is CommandResult.Invalid invalid && invalid.Errors.Any(e => e.Field == field)
            ? this
            : throw Failure("The payload is not refused as it was expected.", $"invalid: {field}").ToException();

    /// <summary>The state is this, members that are kept out of JSON included.</summary>
    /// <exception cref="SpecificationException">It is another.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> ThenState(TState expected)
    {
        var (shape, actual) = (Shape.Of(expected), Shape.Of(_after.State));
        return Difference.Between("state", shape, actual) is not { } difference
            ? this
            : throw Failure("The state is not the one that was expected.", shape)
                .With("state", actual).With("difference", difference).ToException();
    }

    /// <summary>A part of the state is this: <c>ThenState(order =&gt; order.Status, OrderStatus.Confirmed)</c>.</summary>
    /// <exception cref="SpecificationException">It is something else.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> ThenState<TPart>(
        Func<TState, TPart> part, TPart expected, [CallerArgumentExpression(nameof(part))] string name = "")
    {
        var (shape, actual) = (Shape.Of(expected), Shape.Of(part(_after.State)));
        return Difference.Between(name, shape, actual) is not { } difference
            ? this
            : throw Failure("The state is not the one that was expected.", shape)
                .With("state", Shape.Of(_after.State)).With("difference", difference).ToException();
    }

    /// <summary>The next command comes.</summary>
    /// <exception cref="SpecificationException">The decider throws.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> When(TCommand next) => _after.When(next);

    /// <summary>The same command comes again, as from a client that got no answer.</summary>
    /// <exception cref="SpecificationException">The decider throws.</exception>
    public AggregateOutcome<TCommand, TState, TEvent> WhenRepeated() => _after.When(_command);

    internal AggregateSpecification<TCommand, TState, TEvent> Accepted() => _outcome is Decision<TEvent>.Accept
        ? _after
        : throw Failure("A command that was given is not accepted.", "accepted").ToException();

    private Report Failure(string headline, params IEnumerable<object> expected) => new Report(headline)
        .With("given", _before.History.Select(Named.Of))
        .With("when", Named.Of(_command))
        .With("expected", expected)
        .With("got", Got());

    private IEnumerable<object> Got() => _outcome switch
    {
        Decision<TEvent>.Accept accepted => accepted.Events.Select(Named.Of),
        Decision<TEvent>.Reject { Reason: var reason } => [$"rejected: {reason.Code}, {reason.Detail}"],
        CommandResult.Invalid invalid => invalid.Errors.Select(e => $"invalid: {e.Field}, {e.Message}"),
        _ => [_outcome],
    };
}
