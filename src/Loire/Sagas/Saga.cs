using System.Text.Json;
using Loire.Projections;
using Loire.Serialization;

namespace Loire.Sagas;

/// <summary>
/// A long transaction over several aggregates: named steps, each of which sends commands, and their compensation in
/// reverse order. What a saga has done is recorded as events, so it goes on after a crash where it was, and every command
/// carries an idempotency key made of saga, step and direction, so each takes effect once.
/// </summary>
public abstract class Saga
{
    private readonly Dictionary<Type, Func<object, EventInfo, object>> _starts = [];
    private readonly Dictionary<Type, Func<object, string>> _compensations = [];
    private readonly List<SagaStep> _steps = [];

    private protected Saga(string type) => Type = type;

    /// <summary>The saga's type, kebab-case; the grain type of its grains.</summary>
    public string Type { get; }

    internal IReadOnlyList<SagaStep> Steps => _steps;

    internal Func<object, string, IReadOnlyList<SagaCommand>> OnFailed { get; private protected set; } = (_, _) => [];

    internal IReadOnlyDictionary<Type, Func<object, EventInfo, object>> Starts => _starts;

    internal IReadOnlyDictionary<Type, Func<object, string>> Compensations => _compensations;

    internal abstract object ReadContext(ReadOnlySpan<byte> json);

    private protected void AddStart(Type @event, Func<object, EventInfo, object> context) => _starts.Add(@event, context);

    private protected void AddCompensation(Type @event, Func<object, string> reason) => _compensations.Add(@event, reason);

    private protected void AddStep(SagaStep step) => _steps.Add(step);
}

/// <typeparam name="TContext">What the saga needs to know from its start on, an immutable record.</typeparam>
public abstract class Saga<TContext>(string type) : Saga(type)
    where TContext : class
{
    internal sealed override object ReadContext(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TContext>(json, LoireJson.Strict) ?? throw new JsonException("The context is null.");

    /// <summary>An event of an aggregate starts the saga that has the aggregate's id.</summary>
    protected void StartsOn<TEvent>(Func<TEvent, EventInfo, TContext> context) =>
        AddStart(typeof(TEvent), (e, info) => context((TEvent)e, info));

    /// <summary>An event of an aggregate undoes the saga that has the aggregate's id, finished or not.</summary>
    protected void UndoneBy<TEvent>(Func<TEvent, string> reason) => AddCompensation(typeof(TEvent), e => reason((TEvent)e));

    /// <summary>Adds a step. Its commands are sent one after the other; when one is rejected, the step has failed.</summary>
    /// <param name="name">Kebab-case.</param>
    /// <param name="send">The commands that do it.</param>
    /// <param name="undo">The commands that compensate it; they must be accepted also for a step that was only begun.</param>
    protected void Step(string name, Func<TContext, IEnumerable<SagaCommand>> send, Func<TContext, IEnumerable<SagaCommand>>? undo = null) =>
        AddStep(new SagaStep(
            name,
            context => [.. send((TContext)context)],
            context => undo is null ? [] : [.. undo((TContext)context)]));

    /// <summary>Sent at the end, when everything has been compensated.</summary>
    protected void WhenFailed(Func<TContext, string, IEnumerable<SagaCommand>> send) =>
        OnFailed = (context, reason) => [.. send((TContext)context, reason)];

    /// <summary>Addresses a command.</summary>
    protected static SagaCommand Send(string aggregate, string id, object command) => new(aggregate, id, command);
}

/// <summary>A command that a saga sends.</summary>
public sealed record SagaCommand(string Aggregate, string Id, object Command)
{
    internal IReadOnlyDictionary<Type, string> Failures { get; private init; } = new Dictionary<Type, string>();

    /// <summary>The step has failed if the command leads to this event, though it is accepted: a declined payment, say.</summary>
    /// <param name="reason">Why, for people.</param>
    public SagaCommand FailsOn<TEvent>(string reason) =>
        this with { Failures = new Dictionary<Type, string>(Failures) { [typeof(TEvent)] = reason } };
}

internal sealed record SagaStep(
    string Name,
    Func<object, IReadOnlyList<SagaCommand>> Send,
    Func<object, IReadOnlyList<SagaCommand>> Undo);
