using Loire.Projections;

namespace Loire.Processes;

/// <summary>What a process declares, as it is collected while its constructor runs.</summary>
internal sealed class ProcessDefinition
{
    /// <summary>Which instance an event concerns, by the type of the event.</summary>
    public Dictionary<Type, Func<object, EventInfo, string?>> Correlations { get; } = [];

    public Dictionary<Type, ProcessTransition> Starts { get; } = [];

    public Dictionary<string, ProcessStateDefinition> States { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Finals { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Timers { get; } = new(StringComparer.Ordinal);

    /// <summary>For events that neither a state nor its own default says anything of.</summary>
    public Unexpected? Otherwise { get; set; }

    /// <summary>For events that concern an instance which has not started.</summary>
    public Unexpected BeforeStart { get; set; } = Unexpected.Ignore;

    /// <summary>For events that concern an instance which has ended.</summary>
    public Unexpected AfterEnd { get; set; } = Unexpected.Ignore;

    /// <summary>What was declared twice.</summary>
    public List<string> Mistakes { get; } = [];

    public ProcessStateDefinition State(string name)
    {
        if (!States.TryGetValue(name, out var state))
        {
            States.Add(name, state = new ProcessStateDefinition(name));
        }

        return state;
    }

    /// <summary>Adds to a table what must be in it once.</summary>
    public void Add<TKey, TValue>(Dictionary<TKey, TValue> table, TKey key, TValue value, string mistake)
        where TKey : notnull
    {
        if (!table.TryAdd(key, value))
        {
            Mistakes.Add(mistake);
        }
    }
}

/// <summary>What happens in one state.</summary>
internal sealed class ProcessStateDefinition(string name)
{
    public string Name { get; } = name;

    public Dictionary<Type, ProcessTransition> Events { get; } = [];

    public Dictionary<Type, Unexpected> Unexpected { get; } = [];

    public Dictionary<string, ProcessTransition> Timers { get; } = new(StringComparer.Ordinal);

    /// <summary>By the name of the command's type, as <see cref="ProcessNames"/> has it.</summary>
    public Dictionary<string, ProcessTransition> Rejections { get; } = new(StringComparer.Ordinal);

    public Unexpected? Otherwise { get; set; }

    public IEnumerable<ProcessTransition> Transitions => Events.Values.Concat(Timers.Values).Concat(Rejections.Values);
}

/// <summary>A handler, and where it may lead.</summary>
/// <param name="To">The states; none if it stays.</param>
/// <param name="Handle">From the moment, what the process remembers, and what came.</param>
internal sealed record ProcessTransition(IReadOnlyList<string> To, Func<ProcessMoment, object, object, ProcessOutcome> Handle);
