using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>
/// A read model: which events it takes, and what they change. Documents and the checkpoint are written in one
/// transaction, so each event counts exactly once.
/// </summary>
public abstract class Projection
{
    private readonly Dictionary<Type, List<Handler>> _handlers = [];
    private readonly HashSet<(Type Event, ViewSchema? Table)> _taken = [];
    private readonly List<ProjectionTable> _tables = [];
    private readonly List<string> _problems = [];

    private protected Projection(int version, int partitions)
    {
        (Version, Partitions) = (version, partitions);
        if (version < 1)
        {
            _problems.Add("its version must be 1 or more");
        }

        if (partitions is < 1 or > StreamName.Partitions)
        {
            _problems.Add($"it must have 1 to {StreamName.Partitions} partitions");
        }
    }

    private delegate Task Handler(ViewSession session, object @event, EventInfo info);

    /// <summary>The view that people query.</summary>
    public abstract ViewSchema View { get; }

    /// <summary>Raised when the documents change their meaning.</summary>
    public int Version { get; }

    /// <summary>How many grains share its documents, 1 to 64.</summary>
    public int Partitions { get; }

    internal IReadOnlyCollection<Type> EventTypes => _handlers.Keys;

    /// <summary>All tables it writes, the view first.</summary>
    internal IReadOnlyList<ProjectionTable> Tables => _tables;

    /// <summary>The views that people query: the one it is named after, then the others.</summary>
    internal IEnumerable<ViewSchema> Views => _tables.Where(t => t.Use != TableUse.Lookup).Select(t => t.Schema);

    /// <summary>What is wrong with its definition.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    internal async Task Apply(ViewSession session, object @event, EventInfo info)
    {
        session.Position = info.Position;
        foreach (var handler in _handlers[@event.GetType()])
        {
            await handler(session, @event, info);
        }
    }

    /// <param name="table">The documents it changes; <see langword="null"/> for a handler that may change any.</param>
    /// <param name="handler">What it does.</param>
    private protected void Handle<TEvent>(ViewSchema? table, Func<ViewSession, TEvent, EventInfo, Task> handler)
    {
        if (!_handlers.TryGetValue(typeof(TEvent), out var all))
        {
            _handlers.Add(typeof(TEvent), all = []);
        }

        if (table is null && Partitions > 1)
        {
            _problems.Add($"its handler for {typeof(TEvent).Name} may change any document, which one that is partitioned cannot have");
        }

        if (!_taken.Add((typeof(TEvent), table)) || (table is null ? all.Count > 0 : _taken.Contains((typeof(TEvent), null))))
        {
            _problems.Add($"it has two handlers for {typeof(TEvent).Name}{(table is null ? "" : $" that change '{table.Name}'")}");
        }

        all.Add((session, e, info) => handler(session, (TEvent)e, info));
    }

    private protected ViewTable<T> AddTable<T>(string name, TableUse use)
        where T : class
    {
        if (!IsName(name))
        {
            _problems.Add($"'{name}' is no name for a view: lower-case letters, digits and hyphens, and a letter first");
        }

        if (_tables.Any(t => t.Schema.Name == name))
        {
            _problems.Add($"it has two tables named '{name}'");
        }

        var table = new ViewTable<T>(name, Version);
        _tables.Add(new ProjectionTable(table.Schema, use));
        return table;
    }

    // Lookups have the projection's name before theirs.
    private static bool IsName(string name) => name.Length <= 80 && name.Split('.').All(part =>
        part.Length > 0 && char.IsAsciiLetterLower(part[0]) && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
}
