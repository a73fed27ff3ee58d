using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>
/// A read model: which events it takes, and what they change. Documents and the checkpoint are written in one
/// transaction, so each event counts exactly once.
/// </summary>
public abstract class Projection
{
    private readonly Dictionary<Type, Func<ViewSession, object, EventInfo, Task>> _handlers = [];
    private readonly List<ViewSchema> _schemas = [];

    private protected Projection()
    {
    }

    /// <summary>The view that people query.</summary>
    public abstract ViewSchema View { get; }

    internal IReadOnlyCollection<Type> EventTypes => _handlers.Keys;

    /// <summary>All tables it writes, the view first.</summary>
    internal IReadOnlyList<ViewSchema> Schemas => _schemas;

    internal Task Apply(ViewSession session, object @event, EventInfo info) => _handlers[@event.GetType()](session, @event, info);

    private protected void Handle<TEvent>(Func<ViewSession, TEvent, EventInfo, Task> handler) =>
        _handlers.Add(typeof(TEvent), (session, e, info) => handler(session, (TEvent)e, info));

    private protected ViewTable<T> AddTable<T>(string name, int version)
        where T : class
    {
        var table = new ViewTable<T>(name, version);
        _schemas.Add(table.Schema);
        return table;
    }
}

/// <typeparam name="TView">The document of the view.</typeparam>
public abstract class Projection<TView> : Projection
    where TView : class
{
    private readonly string _name;
    private readonly int _version;

    /// <param name="name">Name of the view, kebab-case.</param>
    /// <param name="version">Raise it when the documents change their meaning: the view is then filled anew.</param>
    protected Projection(string name, int version = 1)
    {
        _name = name;
        _version = version;
        Documents = AddTable<TView>(name, version);
    }

    public sealed override ViewSchema View => Documents.Schema;

    /// <summary>The documents of the view.</summary>
    protected ViewTable<TView> Documents { get; }

    /// <summary>Changes the document that has the id of the event's aggregate; <see langword="null"/> stands for no document.</summary>
    protected void On<TEvent>(Func<TView?, TEvent, EventInfo, TView?> apply) => On((_, info) => info.AggregateId, apply);

    /// <summary>Changes the document that an event names.</summary>
    protected void On<TEvent>(Func<TEvent, EventInfo, string> id, Func<TView?, TEvent, EventInfo, TView?> apply) =>
        On<TEvent>(async (session, e, info) =>
        {
            var key = id(e, info);
            if (apply(await session.Find(Documents, key), e, info) is { } document)
            {
                session.Put(Documents, key, document);
            }
            else
            {
                session.Delete(Documents, key);
            }
        });

    /// <summary>Changes any documents of this projection.</summary>
    protected void On<TEvent>(Func<ViewSession, TEvent, EventInfo, Task> handler) => Handle(handler);

    /// <summary>A table of this projection's own, to look things up in: names, say, that events of another aggregate bring.</summary>
    protected ViewTable<T> Lookup<T>(string name)
        where T : class =>
        AddTable<T>($"{_name}.{name}", _version);
}
