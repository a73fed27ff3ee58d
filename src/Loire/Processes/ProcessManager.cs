using System.Text.Json;
using Loire.Projections;
using Loire.Serialization;

namespace Loire.Processes;

/// <summary>
/// A state machine over events of several aggregates: which events start or continue an instance, what each state makes of
/// them, what it sends, and which timers it sets. Its handlers are pure: time and ids come in with the move. What an
/// instance has decided is recorded as events, so each event counts once and each command takes effect once.
/// </summary>
public abstract class ProcessManager
{
    private protected ProcessManager(string type) => Type = type;

    /// <summary>The process's type, kebab-case; the grain type of its grains.</summary>
    public string Type { get; }

    internal ProcessDefinition Definition { get; } = new();

    internal abstract object ReadData(JsonElement json);

    internal static JsonElement WriteData(object data) => JsonSerializer.SerializeToElement(data, data.GetType(), LoireJson.Stored);
}

/// <typeparam name="TData">What an instance remembers, an immutable record.</typeparam>
public abstract class ProcessManager<TData>(string type) : ProcessManager(type)
    where TData : class
{
    internal sealed override object ReadData(JsonElement json) =>
        json.Deserialize<TData>(LoireJson.Stored) ?? throw new JsonException("What the process remembers is null.");

    /// <summary>An event concerns the instance with this id; none, if it is <see langword="null"/>.</summary>
    protected void On<TEvent>(Func<TEvent, EventInfo, string?> id)
        where TEvent : class =>
        Definition.Add(
            Definition.Correlations,
            typeof(TEvent),
            (e, info) => id((TEvent)e, info),
            $"{ProcessNames.Of(typeof(TEvent))} is correlated twice.");

    /// <summary>An event starts the instance that it concerns, if that has not started.</summary>
    /// <param name="to">The first state.</param>
    /// <param name="data">What the instance remembers.</param>
    /// <param name="then">What else follows.</param>
    protected void StartsOn<TEvent>(
        string to, Func<TEvent, EventInfo, TData> data, Func<ProcessMove<TData>, TEvent, ProcessMove<TData>>? then = null)
        where TEvent : class
    {
        var transition = new ProcessTransition([to], (moment, _, e) =>
        {
            var move = new ProcessMove<TData>(moment, data((TEvent)e, moment.Event!));
            return (then is null ? move : then(move, (TEvent)e)).Outcome;
        });
        Definition.Add(Definition.Starts, typeof(TEvent), transition, $"{ProcessNames.Of(typeof(TEvent))} starts the process twice.");
    }

    /// <summary>Says what happens in a state.</summary>
    protected ProcessStateBuilder<TData> During(string state) => new(Definition, Definition.State(state));

    /// <summary>Declares states in which the process has ended.</summary>
    protected void Final(params IReadOnlyList<string> states) => Definition.Finals.UnionWith(states);

    /// <summary>Declares timers, so that none can be set that nobody handles.</summary>
    protected void Timer(params IReadOnlyList<string> names) => Definition.Timers.UnionWith(names);

    /// <summary>What becomes of events of which a state says nothing.</summary>
    protected void Otherwise(Unexpected what) => Definition.Otherwise = what;

    /// <summary>What becomes of events that come before the instance has started: ignored (the default) or parked.</summary>
    protected void BeforeStart(Unexpected what) => Definition.BeforeStart = what;

    /// <summary>What becomes of events that come after the instance has ended: ignored (the default) or parked.</summary>
    protected void AfterEnd(Unexpected what) => Definition.AfterEnd = what;
}
