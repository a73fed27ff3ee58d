using Loire.EventLog.Views;

namespace Loire.Projections;

/// <summary>A projection with a main view, and further ones if it declares them.</summary>
/// <typeparam name="TView">The document of the view.</typeparam>
public abstract class Projection<TView> : Projection
    where TView : class
{
    private readonly string _name;

    /// <param name="name">Name of the view, kebab-case.</param>
    /// <param name="version">Raise it when the documents change their meaning: the view is then filled anew, beside the one
    /// before it, which is read until the new one has caught up.</param>
    /// <param name="partitions">How many grains share the documents, 1 to 64; each document belongs to the one that its id's
    /// hash says. With more than one, every handler has to say which documents it changes. Another number needs another
    /// version.</param>
    protected Projection(string name, int version = 1, int partitions = 1)
        : base(version, partitions)
    {
        _name = name;
        Documents = AddTable<TView>(name, TableUse.Main);
    }

    public sealed override ViewSchema View => Documents.Schema;

    /// <summary>The documents of the view.</summary>
    protected ViewTable<TView> Documents { get; }

    /// <summary>Changes the document that has the id of the event's aggregate; <see langword="null"/> stands for no document.</summary>
    protected void On<TEvent>(Func<TView?, TEvent, EventInfo, TView?> apply) => On((_, info) => info.AggregateId, apply);

    /// <summary>Changes the document that an event names.</summary>
    protected void On<TEvent>(Func<TEvent, EventInfo, string> id, Func<TView?, TEvent, EventInfo, TView?> apply) => On(Documents, id, apply);

    /// <summary>Changes the document that an event names, with the help of what lookups know.</summary>
    protected void On<TEvent>(
        Func<TEvent, EventInfo, string> id, Func<ILookups, TView?, TEvent, EventInfo, Task<TView?>> apply) =>
        Handle<TEvent>(Documents.Schema, async (session, e, info) =>
        {
            var key = id(e, info);
            if (session.Owns(Documents, key))
            {
                session.Change(Documents, key, await apply(session, await session.Find(Documents, key), e, info));
            }
        });

    /// <summary>Changes the document of another table of this projection that an event names.</summary>
    protected void On<TEvent, T>(ViewTable<T> table, Func<TEvent, EventInfo, string> id, Func<T?, TEvent, EventInfo, T?> apply)
        where T : class =>
        Handle<TEvent>(table.Schema, async (session, e, info) =>
        {
            var key = id(e, info);
            if (session.Owns(table, key))
            {
                session.Change(table, key, apply(await session.Find(table, key), e, info));
            }
        });

    /// <summary>Changes each of the documents that an event names; <paramref name="apply"/> gets the id too.</summary>
    protected void OnEach<TEvent>(
        Func<TEvent, EventInfo, IEnumerable<string>> ids, Func<string, TView?, TEvent, EventInfo, TView?> apply) =>
        OnEach(Documents, ids, apply);

    /// <summary>Changes each of the documents of another table of this projection that an event names.</summary>
    protected void OnEach<TEvent, T>(
        ViewTable<T> table, Func<TEvent, EventInfo, IEnumerable<string>> ids, Func<string, T?, TEvent, EventInfo, T?> apply)
        where T : class =>
        Handle<TEvent>(table.Schema, async (session, e, info) =>
        {
            foreach (var key in ids(e, info).Distinct(StringComparer.Ordinal).Where(key => session.Owns(table, key)))
            {
                session.Change(table, key, apply(key, await session.Find(table, key), e, info));
            }
        });

    /// <summary>Changes any documents of this projection. One that is partitioned cannot have such a handler.</summary>
    protected void On<TEvent>(Func<ViewSession, TEvent, EventInfo, Task> handler) => Handle(table: null, handler);

    /// <summary>A further view, which people query under a name of its own. It changes together with the main one.</summary>
    /// <param name="name">Name of the view, kebab-case.</param>
    protected ViewTable<T> Output<T>(string name)
        where T : class =>
        AddTable<T>(name, TableUse.Output);

    /// <summary>A table of this projection's own, to look things up in: names, say, that events of another aggregate bring.</summary>
    protected ViewTable<T> Lookup<T>(string name)
        where T : class =>
        AddTable<T>($"{_name}.{name}", TableUse.Lookup);
}

/// <summary>What a projection has learnt so far.</summary>
public interface ILookups
{
    /// <summary>The entry of a lookup; <see langword="null"/> if there is none.</summary>
    /// <exception cref="InvalidOperationException">The table is no lookup, and the projection is partitioned: another partition may have the document.</exception>
    ValueTask<T?> Find<T>(ViewTable<T> table, string id)
        where T : class;
}
