using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>
/// The documents a projection reads and writes while it handles a batch; they are written when the batch is committed. It
/// remembers them from batch to batch: as long as every commit finds the checkpoint where the last one left it, nobody
/// else has changed them.
/// </summary>
public sealed class ViewSession
{
    private const int Capacity = 10_000;

    private readonly IViewStore _store;
    private readonly Dictionary<(ViewSchema View, string Id), Entry> _entries = [];
    private readonly List<(ViewSchema View, string Id)> _changed = [];
    private CancellationToken _cancellation;
    private bool _committed;

    internal ViewSession(IViewStore store) => _store = store;

    /// <summary>The document as this batch has left it so far; <see langword="null"/> if there is none.</summary>
    public async Task<T?> Find<T>(ViewTable<T> table, string id)
        where T : class
    {
        if (!_entries.TryGetValue((table.Schema, id), out var entry))
        {
            var stored = await _store.Find(table.Schema, id, _cancellation);
            var document = stored is null ? null : JsonSerializer.Deserialize<T>(stored.Json.Span, LoireJson.Stored);
            _entries.Add((table.Schema, id), entry = new Entry(document));
        }

        return (T?)entry.Document;
    }

    public void Put<T>(ViewTable<T> table, string id, T document)
        where T : class =>
        Change(table.Schema, id, document);

    public void Delete<T>(ViewTable<T> table, string id)
        where T : class =>
        Change(table.Schema, id, document: null);

    /// <summary>Goes on with what is remembered of the batch before, if that batch is on disk.</summary>
    internal void Begin(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        if (!_committed || _entries.Count > Capacity)
        {
            _entries.Clear();
        }

        _changed.Clear();
        _committed = false;
    }

    internal IReadOnlyList<DocumentChange> Changes() => [.. _changed.Select(c => ToChange(c.View, c.Id, _entries[c].Document))];

    internal void Committed()
    {
        foreach (var key in _changed)
        {
            _entries[key].Changed = false;
        }

        _committed = true;
    }

    internal void Forget() => _entries.Clear();

    private void Change(ViewSchema view, string id, object? document)
    {
        if (!_entries.TryGetValue((view, id), out var entry))
        {
            _entries.Add((view, id), entry = new Entry(document));
        }

        if (!entry.Changed)
        {
            _changed.Add((view, id));
        }

        (entry.Document, entry.Changed) = (document, true);
    }

    private static DocumentChange ToChange(ViewSchema view, string id, object? document) => document is null
        ? new DocumentChange.Delete(view, id)
        : new DocumentChange.Put(view, id, JsonSerializer.SerializeToUtf8Bytes(document, document.GetType(), LoireJson.Stored));

    private sealed class Entry(object? document)
    {
        public object? Document { get; set; } = document;

        public bool Changed { get; set; }
    }
}
