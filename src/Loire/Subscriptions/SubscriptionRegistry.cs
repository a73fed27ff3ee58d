using System.Collections.Frozen;

namespace Loire.Subscriptions;

/// <summary>The subscriptions that are registered, by name.</summary>
public sealed class SubscriptionRegistry
{
    private readonly FrozenDictionary<string, SubscriptionDefinition> _definitions;

    public SubscriptionRegistry(IEnumerable<SubscriptionDefinition> definitions)
    {
        _definitions = definitions.ToFrozenDictionary(d => d.Name);
        All = [.. _definitions.Values.OrderBy(d => d.Name)];
    }

    public IReadOnlyList<SubscriptionDefinition> All { get; }

    public SubscriptionDefinition Get(string name) => _definitions[name];
}
