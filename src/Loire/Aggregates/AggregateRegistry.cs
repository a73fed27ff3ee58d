using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Loire.Aggregates;

/// <summary>The aggregate types that are registered, by name.</summary>
public sealed class AggregateRegistry
{
    private readonly FrozenDictionary<string, AggregateDefinition> _definitions;

    public AggregateRegistry(IEnumerable<AggregateDefinition> definitions)
    {
        _definitions = definitions.ToFrozenDictionary(d => d.Name);
        Names = [.. _definitions.Keys.Order()];
    }

    public IReadOnlyList<string> Names { get; }

    public IEnumerable<AggregateDefinition> All => _definitions.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out AggregateDefinition? definition) =>
        _definitions.TryGetValue(name, out definition);

    public AggregateDefinition<TCommand, TState, TEvent> Get<TCommand, TState, TEvent>(string name)
        where TState : class
        where TEvent : class =>
        (AggregateDefinition<TCommand, TState, TEvent>)_definitions[name];
}
