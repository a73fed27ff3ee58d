using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Loire.Sagas;

/// <summary>The definitions of sagas, in all versions that are registered.</summary>
public sealed class SagaRegistry
{
    private readonly FrozenDictionary<(string Type, int Version), Saga> _versions;
    private readonly FrozenDictionary<string, Saga> _newest;

    /// <exception cref="InvalidOperationException">A definition has mistakes, or a version is registered twice.</exception>
    public SagaRegistry(IEnumerable<Saga> sagas)
    {
        var all = sagas.ToArray();
        foreach (var saga in all)
        {
            SagaShape.Check(saga);
        }

        if (all.GroupBy(s => (s.Type, s.Version)).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
        {
            throw new InvalidOperationException($"Version {twice.Version} of the saga {twice.Type} is registered twice.");
        }

        _versions = all.ToFrozenDictionary(s => (s.Type, s.Version));
        _newest = all.GroupBy(s => s.Type).ToFrozenDictionary(g => g.Key, g => g.MaxBy(s => s.Version)!);
    }

    /// <summary>The newest version of each saga.</summary>
    public IEnumerable<Saga> All => _newest.Values;

    /// <summary>The newest version of a saga.</summary>
    public bool TryGet(string type, [NotNullWhen(true)] out Saga? saga) => _newest.TryGetValue(type, out saga);

    /// <summary>Makes sure that a definition is the newest of its type, and runs in grains of that type.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    internal Saga Newest(Saga saga, string grainType) =>
        saga.Type != grainType ? throw new InvalidOperationException($"The saga {saga.Type} has a grain of the type {grainType}.")
        : _newest[saga.Type] != saga ? throw new InvalidOperationException($"AddSaga wants the newest version of {saga.Type}; {saga.Version} is not.")
        : saga;

    /// <summary>The definition by which a saga runs.</summary>
    internal Saga? Of(SagaState state) => _versions.GetValueOrDefault((state.SagaType, state.Version));

    /// <summary>The definition by which a saga can go on as it is.</summary>
    internal Saga? RunnableBy(SagaState state) => Of(state) is { } saga && Unknown(saga, state.Steps, state) is null ? saga : null;

    /// <summary>What a saga has to do before it can go on, because its definition is not the newest, or is not there.</summary>
    /// <returns>An event that moves it, or why it cannot go on; neither if it can.</returns>
    internal (SagaEvent.Migrated? Move, SagaRefusal? Problem) Fit(SagaState state)
    {
        if (Of(state) is { } saga)
        {
            return (null, Unknown(saga, state.Steps, state));
        }

        if (!_newest.TryGetValue(state.SagaType, out var newest) || !newest.Migrations.TryGetValue(state.Version, out var move))
        {
            return (null, new SagaRefusal("unknown-version", $"Version {state.Version} of the saga's definition is not registered."));
        }

        return Moved(newest, state, move(new SagaMigration(state.Context, state.CompletedSteps, [.. state.CurrentSteps])));
    }

    private static (SagaEvent.Migrated? Move, SagaRefusal? Problem) Moved(Saga newest, SagaState state, SagaMigration moved)
    {
        var left = state.ToCompensate.Where(s => moved.CompletedSteps.Contains(s) || !state.CompletedSteps.Contains(s));
        var added = moved.CompletedSteps.Where(s => !state.CompletedSteps.Contains(s)).Reverse();
        var migrated = new SagaEvent.Migrated(
            newest.Version,
            [.. newest.Steps.Select(s => s.Name)],
            SagaShape.StagesOf(newest),
            SagaShape.NoReturnAfter(newest),
            moved.Context,
            moved.CompletedSteps,
            [.. added, .. left]);
        var underWay = state.Ended ? [] : state.CurrentSteps;
        return Unknown(newest, [.. moved.CompletedSteps, .. migrated.ToCompensate, .. state.InDoubt, .. underWay], state) is { } problem
            ? (null, problem)
            : (migrated, null);
    }

    private static SagaRefusal? Unknown(Saga saga, IEnumerable<string> steps, SagaState state) =>
        steps.FirstOrDefault(s => saga.Find(s) is null) is { } unknown
            ? new SagaRefusal(
                "unknown-step", $"Version {saga.Version} of the saga's definition has no step '{unknown}', which this saga of version {state.Version} needs.")
            : null;
}
