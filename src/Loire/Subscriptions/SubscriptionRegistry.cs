using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Loire.Subscriptions;

/// <summary>The subscriptions that are registered, by name.</summary>
public sealed class SubscriptionRegistry
{
    private readonly FrozenDictionary<string, SubscriptionDefinition> _definitions;

    /// <exception cref="InvalidOperationException">Names cannot be, or a failure policy cannot.</exception>
    public SubscriptionRegistry(IEnumerable<SubscriptionDefinition> definitions)
    {
        SubscriptionDefinition[] needed = [.. definitions.Where(d => d.IsNeeded)];
        SubscriptionCheck.ThrowIfAnyIsWrong(needed);
        _definitions = needed.ToFrozenDictionary(d => d.Name);
        if (_definitions.Values.FirstOrDefault(d => d.Failures?.Complaint is not null) is { } wrong)
        {
            throw new InvalidOperationException($"The failure policy of {wrong.Name} cannot be: {wrong.Failures!.Complaint}.");
        }

        All = [.. _definitions.Values.OrderBy(d => d.Name)];
    }

    public IReadOnlyList<SubscriptionDefinition> All { get; }

    public SubscriptionDefinition Get(string name) => _definitions[name];

    /// <summary>Finds a subscription by its name; that of a view may be given without its version, <c>orders</c> for <c>orders@1</c>.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out SubscriptionDefinition? subscription) =>
        _definitions.TryGetValue(name, out subscription)
        || (subscription = All.FirstOrDefault(d => d.Name.StartsWith($"{name}@", StringComparison.Ordinal))) is not null;
}
