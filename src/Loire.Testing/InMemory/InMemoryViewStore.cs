using Loire.EventLog;
using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>Views and checkpoints of a store in memory.</summary>
public sealed class InMemoryViewStore : IViewStore
{
    private readonly InMemoryViews _data;
    private readonly StoreTurns _turns;

    internal InMemoryViewStore(InMemoryStorage storage, StoreTurns turns)
    {
        _data = storage.Views;
        _turns = turns;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The view or a field has a name that cannot be used.</exception>
    public async Task Define(ViewSchema schema, CancellationToken cancellation = default)
    {
        ViewCheck.Schema(schema);
        await _turns.Write(
            StoreOperationKind.Define,
            schema.StoreName,
            () =>
            {
                _data.Define(schema);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task Drop(ViewSchema schema, CancellationToken cancellation = default)
    {
        ViewCheck.Schema(schema);
        await _turns.Write(
            StoreOperationKind.Drop,
            schema.StoreName,
            () =>
            {
                _data.Drop(schema);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(subscription, "The subscription's name");
        return await _turns.Read(
            StoreOperationKind.ReadCheckpoint, subscription, () => _data.Checkpoint(subscription, partition), cancellation);
    }

    /// <inheritdoc/>
    public async Task<string> Stamp(string subscription, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(subscription, "The subscription's name");
        return await _turns.Read(StoreOperationKind.ReadCheckpoint, subscription, () => _data.Stamp(subscription), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A name or an id holds an unpaired surrogate.</exception>
    /// <exception cref="InvalidOperationException">A view is not defined, or a document is not JSON: nothing has changed.</exception>
    public async Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes)
    {
        foreach (var m in move.All)
        {
            StrictUtf8.Measure(m.Subscription, "The subscription's name");
        }

        foreach (var change in changes)
        {
            StrictUtf8.Measure(change.Id, "A document's id");
        }

        return await _turns.Write(StoreOperationKind.CommitView, move.Subscription, () => _data.Commit(move, changes));
    }

    /// <inheritdoc/>
    public async Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(id, "The document's id");
        return await _turns.Read(StoreOperationKind.FindDocument, schema.StoreName, () => _data.View(schema).Find(id), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The field is not declared, or the value is not of its kind.</exception>
    public async Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default)
    {
        var declared = schema.Field(field) ?? throw new ArgumentException($"The view has no field '{field}'.", nameof(field));
        ViewCheck.Value(declared, value);
        return await _turns.Read(
            StoreOperationKind.FindDocumentsBy, schema.StoreName, () => _data.View(schema).FindBy(declared, value), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A field is not declared, a value is not of its kind, or the limit is out of range.</exception>
    public async Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default)
    {
        ViewCheck.Query(schema, query);
        return await _turns.Read(
            StoreOperationKind.QueryView,
            schema.StoreName,
            () => _data.View(schema).Query(schema, query, _data.Lowest(schema.StoreName)),
            cancellation);
    }
}
