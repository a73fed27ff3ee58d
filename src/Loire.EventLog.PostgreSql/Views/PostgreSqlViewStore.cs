using Loire.EventLog.Views;

namespace Loire.EventLog.PostgreSql;

/// <summary>Views and checkpoints in a PostgreSQL database. Whichever process moves a checkpoint, one move wins.</summary>
public sealed class PostgreSqlViewStore : IViewStore
{
    private readonly Database _database;

    internal PostgreSqlViewStore(Database database) => _database = database;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The view or a field has a name that cannot be used.</exception>
    public Task Define(ViewSchema schema, CancellationToken cancellation = default)
    {
        ViewCheck.Schema(schema);
        return _database.Write(connection => new ViewDefinition(connection, schema, _database.MigrationSeconds).Make()).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task Drop(ViewSchema schema, CancellationToken cancellation = default)
    {
        ViewCheck.Schema(schema);
        return _database.Write(connection => ViewDrop.CarryOut(connection, schema)).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task<long> Checkpoint(string subscription, int partition, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(subscription, "The subscription's name");
        return _database.Read(connection => Checkpoints.Read(connection, subscription, partition, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<string> Stamp(string subscription, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(subscription, "The subscription's name");
        return _database.Read(connection => Checkpoints.Stamp(connection, subscription, cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A name or an id holds an unpaired surrogate.</exception>
    /// <exception cref="InvalidOperationException">A view is not defined, or a document is not JSON: nothing has changed.</exception>
    public Task<bool> Commit(CheckpointMove move, IReadOnlyList<DocumentChange> changes)
    {
        foreach (var m in move.All)
        {
            StrictUtf8.Measure(m.Subscription, "The subscription's name");
        }

        foreach (var change in changes)
        {
            StrictUtf8.Measure(change.Id, "A document's id");
        }

        var commit = new ViewCommit(move, changes);
        return _database.Write(commit.CarryOut);
    }

    /// <inheritdoc/>
    public Task<ViewDocument?> Find(ViewSchema schema, string id, CancellationToken cancellation = default)
    {
        StrictUtf8.Measure(id, "The document's id");
        return _database.Read(connection => ViewReader.Find(connection, schema, id, cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The field is not declared, or the value is not of its kind.</exception>
    public async Task<IReadOnlyList<ViewDocument>> FindBy(
        ViewSchema schema, string field, object value, CancellationToken cancellation = default)
    {
        var declared = schema.Field(field) ?? throw new ArgumentException($"The view has no field '{field}'.", nameof(field));
        ViewCheck.Value(declared, value);
        return await _database.Read(connection => ViewReader.FindBy(connection, schema, declared, value, cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A field is not declared, a value is not of its kind, or the limit is out of range.</exception>
    public Task<ViewPage> Query(ViewSchema schema, ViewQuery query, CancellationToken cancellation = default)
    {
        ViewCheck.Query(schema, query);
        var cursor = ViewCursor.Decode(schema, query);
        return _database.Read(connection => ViewReader.Page(connection, schema, query, cursor, cancellation), cancellation);
    }
}
