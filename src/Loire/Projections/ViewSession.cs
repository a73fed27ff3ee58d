using System.Text.Json;
using Loire.EventLog.Views;
using Loire.Serialization;

namespace Loire.Projections;

/// <summary>The documents a projection reads and writes while it handles one batch; written when the batch is committed.</summary>
public sealed class ViewSession
{
    private readonly IViewStore _store;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<(ViewSchema View, string Id), Entry> _entries = [];

    internal ViewSession(IViewStore store, CancellationToken cancellation)
    {
        _store = store;
        _cancellation = cancellation;
    }

    /// <summary>The document as this batch has left it so far; <see langword="null"/> if there is none.</summary>
    public async Task<T?> Find<T>(ViewTable<T> table, string id)
        where T : class
    {
        if (!_entries.TryGetValue((table.Schema, id), out var entry))
        {
            var stored = await _store.Find(table.Schema, id, _cancellation);
            var document = stored is null ? null : JsonSerializer.Deserialize<T>(stored.Json.Span, LoireJson.Stored);
            _entries.Add((table.Schema, id), entry = new Entry(document, Changed: false));
        }

        return (T?)entry.Document;
    }

    public void Put<T>(ViewTable<T> table, string id, T document)
        where T : class =>
        _entries[(table.Schema, id)] = new Entry(document, Changed: true);

    public void Delete<T>(ViewTable<T> table, string id)
        where T : class =>
        _entries[(table.Schema, id)] = new Entry(Document: null, Changed: true);

    internal IReadOnlyList<DocumentChange> Changes() =>
        [.. _entries.Where(e => e.Value.Changed).Select(e => ToChange(e.Key.View, e.Key.Id, e.Value.Document))];

    private static DocumentChange ToChange(ViewSchema view, string id, object? document) => document is null
        ? new DocumentChange.Delete(view, id)
        : new DocumentChange.Put(view, id, JsonSerializer.SerializeToUtf8Bytes(document, document.GetType(), LoireJson.Stored));

    private sealed record Entry(object? Document, bool Changed);
}
