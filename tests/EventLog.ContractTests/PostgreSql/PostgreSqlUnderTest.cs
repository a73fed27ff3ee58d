using Loire.EventLog.PostgreSql;
using Loire.EventLog.Views;
using Loire.Testing;

[assembly: AssemblyFixture(typeof(Loire.EventLog.ContractTests.PostgreSql.PostgreSqlServerLife))]

namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>A PostgreSQL store in a database of its own.</summary>
internal sealed class PostgreSqlUnderTest : IStoreUnderTest
{
    private PostgreSqlStore? _store;

    private PostgreSqlUnderTest(PostgreSqlServer server, string database, PostgreSqlStoreOptions options)
    {
        Server = server;
        Database = database;
        Options = options;
    }

    public PostgreSqlServer Server { get; }

    public string Database { get; }

    public PostgreSqlStoreOptions Options { get; }

    public Faults Faults => Options.Faults;

    public IEventLog Log => _store!.Log;

    public ISnapshotStore Snapshots => _store!.Log;

    public IViewStore Views => _store!.Views;

    public ManualTime Time { get; } = new();

    public static async Task<IStoreUnderTest> Open() => await Create();

    public static async Task<PostgreSqlUnderTest> Create(
        Func<PostgreSqlStoreOptions, PostgreSqlStoreOptions>? change = null,
        PostgreSqlServer? server = null,
        string tablespace = "pg_default")
    {
        server ??= await PostgreSqlServer.Shared;
        var database = $"t{Guid.NewGuid():N}";
        await server.Execute($"CREATE DATABASE {database} TABLESPACE {tablespace}");
        var options = new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString(database), MaxConnections = 10 };
        var created = new PostgreSqlUnderTest(server, database, change?.Invoke(options) ?? options);
        await created.Restart();
        return created;
    }

    /// <summary>Another store on the same database, as in another process.</summary>
    public Task<PostgreSqlStore> OpenAnother(TimeProvider? time = null) => PostgreSqlStore.Open(Options, time ?? Time);

    public async Task Restart()
    {
        await Close();
        _store = await PostgreSqlStore.Open(Options, Time);
    }

    public Task PutSnapshotsAt(long version) => Server.Execute($"UPDATE loire.snapshots SET version = {version}", Database);

    public async Task Close()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        await Server.Execute($"DROP DATABASE {Database} WITH (FORCE)");
    }
}
