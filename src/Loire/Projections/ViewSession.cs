using System.Globalization;
using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>
/// The documents a projection reads and writes while it handles a batch; they are written when the batch is committed. It
/// remembers them from batch to batch: as long as every commit finds the checkpoint where the last one left it, nobody
/// else has changed them.
/// </summary>
public sealed class ViewSession : ILookups
{
    private readonly IViewStore _store;
    private readonly SessionScope _scope;
    private readonly Dictionary<ViewSchema, SessionTable> _tables;
    private CancellationToken _cancellation;
    private bool _committed;

    internal ViewSession(IViewStore store, IEnumerable<ProjectionTable> tables, SessionScope scope)
    {
        _store = store;
        _scope = scope;
        _tables = tables.ToDictionary(
            t => t.Schema,
            t => new SessionTable(scope.Of(t.Schema), isShared: t.Use != TableUse.Lookup),
            (IEqualityComparer<ViewSchema>)ReferenceEqualityComparer.Instance);
    }

    /// <summary>Position of the event that is being handled.</summary>
    internal long Position { get; set; }

    /// <summary>The tables in their generation.</summary>
    internal IEnumerable<ViewSchema> Schemas => _tables.Values.Select(t => t.Schema);

    /// <summary>The document as this batch has left it so far; <see langword="null"/> if there is none.</summary>
    public async ValueTask<T?> Find<T>(ViewTable<T> table, string id)
        where T : class
    {
        var known = Table(table.Schema);
        var key = KeyOf(known, id);
        if (!known.TryGet(key, out var entry))
        {
            var stored = known.MayExist(key) ? await _store.Find(known.Schema, key, _cancellation) : null;
            entry = known.Add(key, Read<T>(stored), stored?.Json.Length ?? 0);
        }

        return (T?)entry!.Document;
    }

    async ValueTask<T?> ILookups.Find<T>(ViewTable<T> table, string id)
        where T : class =>
        _scope.Partitions > 1 && Table(table.Schema).IsShared
            ? throw new InvalidOperationException($"'{table.Schema.Name}' is no lookup, and another partition may have the document.")
            : await Find(table, id);

    public void Put<T>(ViewTable<T> table, string id, T document)
        where T : class =>
        Change(table, id, document);

    public void Delete<T>(ViewTable<T> table, string id)
        where T : class =>
        Change(table, id, document: null);

    /// <summary>Whether the document belongs to this partition.</summary>
    internal bool Owns<T>(ViewTable<T> table, string id)
        where T : class =>
        _scope.Partitions == 1 || !Table(table.Schema).IsShared || DocumentHash.Partition(id, _scope.Partitions) == _scope.Partition;

    internal void Change<T>(ViewTable<T> table, string id, T? document)
        where T : class
    {
        var known = Table(table.Schema);
        var key = KeyOf(known, id);
        if (!known.TryGet(key, out var entry))
        {
            entry = known.Add(key, document: null, size: 0);
        }

        entry!.Document = document;
        entry.Position = Position;
        known.MarkChanged(entry);
    }

    /// <summary>Nothing has been written to the tables yet.</summary>
    internal void StartsEmpty()
    {
        Forget();
        _committed = true;
        foreach (var table in _tables.Values)
        {
            table.StartsEmpty();
        }
    }

    /// <summary>Goes on with what is remembered of the batch before, if that batch is on disk.</summary>
    internal void Begin(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        if (!_committed)
        {
            // Whoever else has written meanwhile has moved the checkpoint, and nothing of this session will be committed.
            foreach (var table in _tables.Values)
            {
                table.Undo();
            }
        }
        else if (_tables.Values.Sum(t => t.Bytes) > _scope.MaxBytes / 2 || _tables.Values.Sum(t => t.Count) > _scope.MaxDocuments / 2)
        {
            foreach (var table in _tables.Values)
            {
                table.Rotate();
            }
        }

        _committed = false;
    }

    internal List<DocumentChange> Changes()
    {
        var changes = new List<DocumentChange>();
        foreach (var table in _tables.Values)
        {
            foreach (var entry in table.Changed)
            {
                changes.Add(ToChange(table, entry));
            }
        }

        return changes;
    }

    internal void Committed()
    {
        foreach (var table in _tables.Values)
        {
            table.Settle();
        }

        _committed = true;
    }

    internal void Forget()
    {
        foreach (var table in _tables.Values)
        {
            table.Forget();
        }
    }

    private SessionTable Table(ViewSchema schema) => _tables.TryGetValue(schema, out var table)
        ? table
        : throw new InvalidOperationException($"'{schema.Name}' is none of the projection's tables.");

    // Each partition keeps entries of lookups of its own.
    private string KeyOf(SessionTable table, string id) => _scope.Partitions == 1 || table.IsShared
        ? id
        : string.Create(CultureInfo.InvariantCulture, $"{_scope.Partition}/{id}");

    private T? Read<T>(ViewDocument? stored)
        where T : class =>
        stored is null ? null
        : _scope.Stamped ? JsonSerializer.Deserialize<StampedDocument<T>>(stored.Json.Span, LoireJson.Stored)!.Document
        : JsonSerializer.Deserialize<T>(stored.Json.Span, LoireJson.Stored);

    private DocumentChange ToChange(SessionTable table, SessionEntry entry)
    {
        if (entry.Document is null && !_scope.Stamped)
        {
            return new DocumentChange.Delete(table.Schema, entry.Key);
        }

        var json = _scope.Stamped
            ? JsonSerializer.SerializeToUtf8Bytes(new StampedDocument<object>(entry.Position, entry.Document), LoireJson.Stored)
            : JsonSerializer.SerializeToUtf8Bytes(entry.Document!, entry.Document!.GetType(), LoireJson.Stored);
        table.Resize(entry, json.Length);
        return new DocumentChange.Put(table.Schema, entry.Key, json);
    }
}
