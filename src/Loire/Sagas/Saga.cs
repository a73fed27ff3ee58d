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
    private readonly Dictionary<int, Func<SagaMigration, SagaMigration>> _migrations = [];
    private readonly List<SagaStep> _steps = [];

    private protected Saga(string type, int version) => (Type, Version) = (type, version);

    /// <summary>The saga's type, kebab-case; the grain type of its grains.</summary>
    public string Type { get; }

    /// <summary>The definition's version, from 1. A saga ends on the version on which it started, unless it is moved.</summary>
    public int Version { get; }

    internal IReadOnlyList<SagaStep> Steps => _steps;

    internal TimeSpan? Limit { get; private protected set; }

    internal Func<object, string, IReadOnlyList<SagaCommand>> OnFailed { get; private protected set; } = (_, _) => [];

    internal IReadOnlyDictionary<Type, Func<object, EventInfo, object>> Starts => _starts;

    internal IReadOnlyDictionary<Type, Func<object, string>> Compensations => _compensations;

    internal IReadOnlyDictionary<int, Func<SagaMigration, SagaMigration>> Migrations => _migrations;

    /// <summary>The step that has a name, if there is one.</summary>
    internal SagaStep? Find(string step) => _steps.Find(s => s.Name == step);

    internal abstract object ReadContext(JsonElement json);

    private protected void AddStart(Type @event, Func<object, EventInfo, object> context) => _starts.Add(@event, context);

    private protected void AddCompensation(Type @event, Func<object, string> reason) => _compensations.Add(@event, reason);

    private protected void AddStep(SagaStep step) => _steps.Add(step);

    private protected void AddMigration(int version, Func<SagaMigration, SagaMigration> move) => _migrations.Add(version, move);
}

/// <typeparam name="TContext">What the saga needs to know, an immutable record.</typeparam>
public abstract class Saga<TContext>(string type, int version = 1) : Saga(type, version)
    where TContext : class
{
    internal sealed override object ReadContext(JsonElement json) =>
        json.Deserialize<TContext>(LoireJson.Strict) ?? throw new JsonException("The context is null.");

    /// <summary>An event of an aggregate starts the saga that has the aggregate's id.</summary>
    protected void StartsOn<TEvent>(Func<TEvent, EventInfo, TContext> context) =>
        AddStart(typeof(TEvent), (e, info) => context((TEvent)e, info));

    /// <summary>An event of an aggregate undoes the saga that has the aggregate's id, finished or not.</summary>
    protected void UndoneBy<TEvent>(Func<TEvent, string> reason) => AddCompensation(typeof(TEvent), e => reason((TEvent)e));

    /// <summary>Adds a step; steps are done in the order in which they are added.</summary>
    /// <param name="name">Kebab-case.</param>
    protected SagaStep<TContext> Step(string name)
    {
        var step = new SagaStep<TContext>(name);
        AddStep(step);
        return step;
    }

    /// <summary>Does steps at the same time. What follows waits for all of them; when one fails, all are undone.</summary>
    /// <param name="group">Kebab-case.</param>
    /// <param name="steps">Two or more, added here and nowhere else.</param>
    protected static void Parallel(string group, params IReadOnlyList<SagaStep<TContext>> steps)
    {
        foreach (var step in steps)
        {
            step.Group = step.Group is null ? group : throw new InvalidOperationException($"The step {step.Name} is in two groups.");
        }
    }

    /// <summary>How long the saga may take in all. Then it is undone, unless it is past its point of no return.</summary>
    protected void Deadline(TimeSpan limit) => Limit = limit;

    /// <summary>Sent at the end, when everything has been compensated. What is rejected then is left.</summary>
    protected void WhenFailed(Func<TContext, string, IEnumerable<SagaCommand>> send) =>
        OnFailed = (context, reason) => [.. send((TContext)context, reason)];

    /// <summary>Moves sagas that started on an older version, and whose definition is not registered any more, to this one.</summary>
    /// <param name="version">The older version.</param>
    /// <param name="move">What becomes of it.</param>
    protected void MigrateFrom(int version, Func<SagaMigration, SagaMigration> move) => AddMigration(version, move);

    /// <summary>Addresses a command.</summary>
    protected static SagaCommand Send(string aggregate, string id, object command) => new(aggregate, id, command);
}
