using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// A store in a PostgreSQL database: the log and the views, in the schema <c>loire</c>, which it makes itself. Any number of
/// processes share one. Acknowledged means committed there. A process' appends that wait share a commit.
/// </summary>
public sealed class PostgreSqlStore : IAsyncDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly WriteQueue<AppendItem> _queue;
    private readonly Writer _writer;
    private readonly HeadListener _listener;
    private readonly HeadSignal _head = new();
    private readonly Upkeep _upkeep;
    private readonly TimeSpan _patience;
    private int _disposed;

    internal PostgreSqlStore(PostgreSqlStoreOptions options, TimeProvider time, ILogger<PostgreSqlStore> logger)
    {
        options.Validate();
        _database = new Database(options, time);
        _patience = options.AppendTimeout + _database.LongestWrite + Slack;
        _queue = new WriteQueue<AppendItem>(options.QueueLimits, time);
        _writer = new Writer(_queue, _database, _head, options, time);
        _listener = new HeadListener(_database, _head, options, logger);
        _upkeep = new Upkeep(_database, _head, options, time, logger);
        Log = new PostgreSqlEventLog(_queue, _database, _head, time);
        Views = new PostgreSqlViewStore(_database);
    }

    public PostgreSqlEventLog Log { get; }

    public PostgreSqlViewStore Views { get; }

    /// <summary>Opens the store, and makes or migrates its tables where that is needed.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="StoreFormatException">The tables are of a newer version.</exception>
    /// <exception cref="StoreAccessException">The database's user lacks a right.</exception>
    /// <exception cref="StoreUnavailableException">The database is out of reach.</exception>
    public static async Task<PostgreSqlStore> Open(
        PostgreSqlStoreOptions options, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        var store = new PostgreSqlStore(options, time ?? TimeProvider.System, NullLogger<PostgreSqlStore>.Instance);
        try
        {
            await store.Start(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes tables of somebody else's in the same database, or brings them up to date.</summary>
    /// <exception cref="StoreFormatException">The tables are of a newer version.</exception>
    /// <exception cref="StoreAccessException">The database's user may not make them.</exception>
    /// <exception cref="StoreUnavailableException">The database is out of reach.</exception>
    public Task Migrate(DatabaseSchema schema, CancellationToken cancellation = default) => _database.Read(
        "The tables cannot be made.",
        async connection =>
        {
            await Privileges.Explain(connection, () => schema.Migrate(connection, _database.MigrationSeconds, cancellation));
            return true;
        },
        cancellation);

    internal async Task Start(CancellationToken cancellation)
    {
        await _database.Read(
            "The store cannot be opened.",
            async connection =>
            {
                await Privileges.Explain(connection, () => Migrations.Schema.Migrate(connection, _database.MigrationSeconds, cancellation));
                await Privileges.Check(connection, cancellation);
                _head.Raise(await LogReader.Head(connection, cancellation));
                return true;
            },
            cancellation);
        await _listener.Start().WaitAsync(cancellation);
        _writer.Start();
        _upkeep.Start();
    }

    /// <summary>Carries out what has been accepted, then closes the connections.</summary>
    /// <exception cref="TimeoutException">The database did not answer in time.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _upkeep.DisposeAsync();
        _queue.Close();
        _head.Close();
        await _listener.DisposeAsync();
        await _writer.Stopped.WaitAsync(_patience);
        await _database.DisposeAsync();
    }
}
