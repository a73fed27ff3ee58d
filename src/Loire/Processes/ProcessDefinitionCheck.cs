namespace Loire.Processes;

/// <summary>Finds what is wrong with the definition of a process before anything runs on it.</summary>
internal static class ProcessDefinitionCheck
{
    /// <summary>Every mistake, one sentence each.</summary>
    /// <param name="process">The process.</param>
    /// <param name="isRegistered">Whether an event type is registered.</param>
    public static IReadOnlyList<string> Find(ProcessManager process, Func<Type, bool> isRegistered)
    {
        var definition = process.Definition;
        return
        [
            .. definition.Mistakes,
            .. Events(definition, isRegistered),
            .. Targets(definition),
            .. Reachable(definition),
            .. Unhandled(definition),
            .. Timers(definition),
        ];
    }

    private static IEnumerable<string> Events(ProcessDefinition definition, Func<Type, bool> isRegistered)
    {
        if (definition.Starts.Count == 0)
        {
            yield return "No event starts the process.";
        }

        var handled = definition.States.Values.SelectMany(s => s.Events.Keys.Concat(s.Unexpected.Keys));
        foreach (var type in definition.Starts.Keys.Concat(handled).Distinct().Where(t => !definition.Correlations.ContainsKey(t)))
        {
            yield return $"{ProcessNames.Of(type)} is handled, but nothing says which instance it concerns.";
        }

        foreach (var type in definition.Correlations.Keys.Where(t => !isRegistered(t)))
        {
            yield return $"{ProcessNames.Of(type)} is no event of a registered aggregate.";
        }

        foreach (var (when, what) in ((string, Unexpected)[])[("before the start", definition.BeforeStart), ("after the end", definition.AfterEnd)])
        {
            if (what == Unexpected.Fail)
            {
                yield return $"Events {when} can be ignored or parked; there is nothing that could fail.";
            }
        }
    }

    private static IEnumerable<string> Targets(ProcessDefinition definition)
    {
        var known = definition.States.Keys.Concat(definition.Finals).ToHashSet(StringComparer.Ordinal);
        foreach (var (from, to) in Edges(definition).Where(e => !known.Contains(e.To)).Distinct())
        {
            yield return $"{from} leads to '{to}', which is no state.";
        }

        foreach (var both in definition.Finals.Where(definition.States.ContainsKey))
        {
            yield return $"{both} is final, so nothing can happen in it.";
        }
    }

    private static IEnumerable<string> Reachable(ProcessDefinition definition)
    {
        if (definition.Finals.Count == 0)
        {
            yield return "There is no final state.";
        }

        var reached = Closure(definition.Starts.Values.SelectMany(s => s.To), s => Next(definition, s));
        foreach (var state in definition.States.Keys.Union(definition.Finals).Where(s => !reached.Contains(s)))
        {
            yield return $"{state} cannot be reached.";
        }

        var leading = Closure(definition.Finals, s => definition.States.Keys.Where(from => Next(definition, from).Contains(s)));
        foreach (var state in definition.States.Keys.Where(s => definition.Finals.Count > 0 && !leading.Contains(s)))
        {
            yield return $"From {state} no final state can be reached.";
        }
    }

    private static IEnumerable<string> Unhandled(ProcessDefinition definition) =>
        from state in definition.States.Values
        where (state.Otherwise ?? definition.Otherwise) is null && !definition.Finals.Contains(state.Name)
        from type in definition.Correlations.Keys
        where !state.Events.ContainsKey(type) && !state.Unexpected.ContainsKey(type)
        select $"{state.Name} has no handler for {ProcessNames.Of(type)} and does not say what becomes of it.";

    private static IEnumerable<string> Timers(ProcessDefinition definition)
    {
        var handled = definition.States.Values.SelectMany(s => s.Timers.Keys).ToHashSet(StringComparer.Ordinal);
        return definition.Timers.Where(t => !handled.Contains(t)).Select(t => $"Nobody handles the timer {t}.")
            .Concat(handled.Where(t => !definition.Timers.Contains(t)).Select(t => $"The timer {t} is handled but not declared."));
    }

    private static IEnumerable<(string From, string To)> Edges(ProcessDefinition definition) =>
        definition.Starts.Values.SelectMany(s => s.To).Select(to => ("The start", to))
            .Concat(definition.States.Values.SelectMany(s => s.Transitions.SelectMany(t => t.To), (s, to) => (s.Name, to)));

    private static IEnumerable<string> Next(ProcessDefinition definition, string state) =>
        definition.States.TryGetValue(state, out var found) ? found.Transitions.SelectMany(t => t.To) : [];

    private static HashSet<string> Closure(IEnumerable<string> from, Func<string, IEnumerable<string>> next)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Queue<string> open = new(from);
        while (open.TryDequeue(out var state))
        {
            if (reached.Add(state))
            {
                foreach (var other in next(state))
                {
                    open.Enqueue(other);
                }
            }
        }

        return reached;
    }
}
