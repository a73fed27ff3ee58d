using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Loire.EventLog.Views;
using Loire.Projections;

namespace Loire.Queries;

/// <summary>The views that can be queried, by name.</summary>
public sealed class ViewRegistry
{
    private readonly FrozenDictionary<string, ViewSchema> _views;

    public ViewRegistry(IEnumerable<Projection> projections)
    {
        _views = projections.Select(p => p.View).ToFrozenDictionary(v => v.Name);
        All = [.. _views.Values.OrderBy(v => v.Name)];
    }

    public IReadOnlyList<ViewSchema> All { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out ViewSchema? view) => _views.TryGetValue(name, out view);
}
