using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Loire.Testing;

namespace Loire.EventLog.ContractTests.Sqlite;

/// <summary>An SQLite store in a folder of its own.</summary>
internal sealed class SqliteUnderTest : IStoreUnderTest
{
    private SqliteStore _store;

    private SqliteUnderTest(SqliteStoreOptions options)
    {
        Options = options;
        _store = SqliteStore.Open(options, Time);
    }

    public SqliteStoreOptions Options { get; }

    public Faults Faults => Options.Faults;

    public IEventLog Log => _store.Log;

    public ISnapshotStore Snapshots => _store.Log;

    public IViewStore Views => _store.Views;

    public ManualTime Time { get; } = new();

    public static Task<IStoreUnderTest> Open() => Task.FromResult<IStoreUnderTest>(Create());

    public static SqliteUnderTest Create(Func<SqliteStoreOptions, SqliteStoreOptions>? change = null)
    {
        var options = new SqliteStoreOptions { DataFolder = Directory.CreateTempSubdirectory("loire-").FullName };
        return new SqliteUnderTest(change?.Invoke(options) ?? options);
    }

    public async Task Restart()
    {
        await Close();
        _store = SqliteStore.Open(Options, Time);
    }

    public Task PutSnapshotsAt(long version)
    {
        Execute($"UPDATE snapshots SET version = {version}");
        return Task.CompletedTask;
    }

    /// <summary>Carries out SQL past the store.</summary>
    public void Execute(string sql)
    {
        using var connection = Connection.OpenWriter(Options.File, maxPages: null);
        connection.Execute(sql);
    }

    public async Task Close() => await _store.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await Close();
        Directory.Delete(Options.DataFolder, recursive: true);
    }
}
