using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Views and checkpoints in an SQLite file.</summary>
public sealed class SqliteViewStore : IViewStore
{
    private const int RowOverhead = 100;

    private readonly WriteQueue<WriteItem> _queue;
    private readonly ReaderPool _readers;

    internal SqliteViewStore(WriteQueue<WriteItem> queue, ReaderPool readers)
    {
        _queue = queue;
        _readers = readers;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The view or a field has a name that cannot be used.</exception>
    public Task Define(ViewSchema schema, CancellationToken cancellation = default)
    {
        ViewCheck.Schema(schema);
        return Make(schema).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task Drop(ViewSchema schema, CancellationToken cancellation = default)
    {
        ViewCheck.Schema(schema);
        while (!await new DropItem(schema).In(_queue).WaitAsync(cancellation))
        {
            // Commands come in between.
        }
    }

    /// <inheritdoc/>
    public Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(subscription, "The subscription's name");
        return _readers.Read(connection => CheckpointTable.Read(connection, subscription, partition), cancellation);
    }

    /// <inheritdoc/>
    public Task<string> Stamp(string subscription, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(subscription, "The subscription's name");
        return _readers.Read(connection => CheckpointTable.Stamp(connection, subscription), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A name or an id holds an unpaired surrogate.</exception>
    /// <exception cref="InvalidOperationException">A view is not defined, or a document is not JSON: nothing has changed.</exception>
    public async Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes)
    {
        var bytes = move.All.Sum(m => (long)StrictUtf8.Measure(m.Subscription, "The subscription's name"));
        foreach (var change in changes)
        {
            bytes += RowOverhead + StrictUtf8.Measure(change.Id, "A document's id");
            bytes += change is DocumentChange.Put put ? put.Json.Length : 0;
        }

        return await new ViewCommitItem(move, changes, [.. changes.Select(SearchTable.WordsOf)], bytes).In(_queue).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(id, "The document's id");
        return _readers.Read(connection => ViewReader.Find(connection, schema, id), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The field is not declared, or the value is not of its kind.</exception>
    public async Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default)
    {
        var declared = schema.Field(field) ?? throw new ArgumentException($"The view has no field '{field}'.", nameof(field));
        ViewCheck.Value(declared, value);
        return await _readers.Read(connection => ViewReader.FindBy(connection, schema, declared, value), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A field is not declared, a value is not of its kind, or the limit is out of range.</exception>
    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default)
    {
        ViewCheck.Query(schema, query);
        var cursor = ViewCursor.Decode(schema, query);
        return _readers.ReadSnapshot(connection => ViewReader.Page(connection, schema, query, cursor), cancellation);
    }

    private async Task Make(ViewSchema schema)
    {
        var isWhole = await new DefineItem(schema).In(_queue).ConfigureAwait(false);
        for (string? after = ""; !isWhole && after is not null;)
        {
            after = await new FillItem(schema, after).In(_queue).ConfigureAwait(false);
        }
    }
}
