using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Loire.Projections;

namespace Loire.Queries;

/// <summary>The queries that are registered, by name.</summary>
public sealed class QueryRegistry
{
    private readonly FrozenDictionary<string, QueryDefinition> _byName;
    private readonly FrozenDictionary<Type, QueryDefinition> _byType;

    /// <exception cref="InvalidOperationException">Two queries have one name, or one reads what is no view.</exception>
    public QueryRegistry(IEnumerable<QueryDefinition> definitions, IEnumerable<Projection> projections)
    {
        var views = projections.ToLookup(DocumentOf, projection => projection.View);
        All = [.. definitions.OrderBy(d => d.Name)];
        foreach (var same in All.GroupBy(d => d.Name).Where(same => same.Count() > 1))
        {
            throw new InvalidOperationException($"Two queries have the name '{same.Key}': {string.Join(" and ", same.Select(d => d.Type))}.");
        }

        foreach (var definition in All)
        {
            definition.Resolve(views);
        }

        _byName = All.ToFrozenDictionary(d => d.Name);
        _byType = All.ToFrozenDictionary(d => d.Type);
    }

    public IReadOnlyList<QueryDefinition> All { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out QueryDefinition? query) => _byName.TryGetValue(name, out query);

    internal QueryDefinition Of(Type type) => _byType.TryGetValue(type, out var query)
        ? query
        : throw new InvalidOperationException($"No handler is registered for {type}.");

    private static Type DocumentOf(Projection projection)
    {
        var type = projection.GetType();
        while (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Projection<>))
        {
            type = type.BaseType ?? throw new InvalidOperationException($"{projection.GetType()} has no type of documents.");
        }

        return type.GenericTypeArguments[0];
    }
}
