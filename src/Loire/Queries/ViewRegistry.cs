using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Loire.EventLog.Views;
using Loire.Projections;

namespace Loire.Queries;

/// <summary>The views that can be queried, by name.</summary>
public sealed class ViewRegistry
{
    private readonly FrozenDictionary<string, (ViewSchema View, Projection Source)> _views;

    /// <exception cref="InvalidOperationException">Projections are not well defined; all that is wrong is said.</exception>
    public ViewRegistry(IEnumerable<Projection> projections)
    {
        Projections = [.. projections];
        ProjectionCheck.ThrowIfAnyIsWrong(Projections);
        _views = Projections.SelectMany(p => p.Views.Select(v => (View: v, Source: p))).ToFrozenDictionary(v => v.View.Name);
        All = [.. _views.Values.Select(v => v.View).OrderBy(v => v.Name)];
    }

    public IReadOnlyList<ViewSchema> All { get; }

    internal IReadOnlyList<Projection> Projections { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out ViewSchema? view)
    {
        var found = _views.TryGetValue(name, out var known);
        view = known.View;
        return found;
    }

    /// <summary>The subscription that fills a view.</summary>
    /// <exception cref="KeyNotFoundException">There is no such view.</exception>
    public string SubscriptionOf(ViewSchema view) => _views[view.Name].Source.View.StoreName;

    /// <summary>The name under which a view is rebuilt and audited, whatever else it is called: that of its projection's main view.</summary>
    /// <param name="name">Of a view, or of its subscription.</param>
    /// <returns><see langword="null"/> if it is neither.</returns>
    public string? MainViewOf(string name) => ProjectionNamed(name)?.View.Name;

    /// <summary>What fills a view; it may be named with its version, as its subscription is.</summary>
    internal Projection? ProjectionNamed(string name) => _views.TryGetValue(name, out var known)
        ? known.Source
        : Projections.FirstOrDefault(p => p.View.StoreName == name);
}
