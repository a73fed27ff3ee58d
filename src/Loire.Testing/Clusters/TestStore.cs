using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;

namespace Loire.Testing;

/// <summary>Where a test cluster keeps its data. All silos of a cluster share one store; one is for one cluster at a time.</summary>
public abstract class TestStore
{
    private protected TestStore()
    {
    }

    /// <summary>In memory: the quickest, and the same every time.</summary>
    /// <param name="storage">The data, to give it to another cluster later; a storage of its own if none is given.</param>
    /// <param name="schedule">Decides when things happen; at once if none is given.</param>
    public static TestStore InMemory(InMemoryStorage? storage = null, IStoreSchedule? schedule = null) =>
        new Memory(storage ?? new InMemoryStorage(), schedule);

    /// <summary>In an SQLite file.</summary>
    /// <param name="folder">The file's folder, which stays; if none is given, a temporary one that is removed at the end.</param>
    public static TestStore Sqlite(string? folder = null) => new File(folder);

    /// <summary>In a PostgreSQL database, which stays.</summary>
    public static TestStore PostgreSql(string connectionString) => new Server(connectionString);

    internal abstract Task<OpenStore> Open(TimeProvider time);

    private sealed class Memory(InMemoryStorage storage, IStoreSchedule? schedule) : TestStore
    {
        internal override Task<OpenStore> Open(TimeProvider time)
        {
            var store = InMemoryStore.Open(storage, time, schedule);
            return Task.FromResult(new OpenStore(store.Log, store.Log, store.Views, store.DisposeAsync));
        }
    }

    private sealed class File(string? folder) : TestStore
    {
        internal override Task<OpenStore> Open(TimeProvider time)
        {
            var data = folder ?? Directory.CreateTempSubdirectory("loire-").FullName;
            var store = SqliteStore.Open(new SqliteStoreOptions { DataFolder = data }, time);
            return Task.FromResult(new OpenStore(store.Log, store.Log, store.Views, Close));

            async ValueTask Close()
            {
                await store.DisposeAsync();
                if (folder is null)
                {
                    Directory.Delete(data, recursive: true);
                }
            }
        }
    }

    private sealed class Server(string connectionString) : TestStore
    {
        internal override async Task<OpenStore> Open(TimeProvider time)
        {
            var store = await PostgreSqlStore.Open(new PostgreSqlStoreOptions { ConnectionString = connectionString }, time);
            return new OpenStore(store.Log, store.Log, store.Views, store.DisposeAsync);
        }
    }
}

/// <summary>A store that is open.</summary>
internal sealed record OpenStore(IEventLog Log, ISnapshotStore Snapshots, IViewStore Views, Func<ValueTask> Close)
{
    /// <summary>The same store, seen through its faults.</summary>
    public OpenStore With(StoreFaults faults)
    {
        var log = new FaultyLog(Log, Snapshots, faults);
        return this with { Log = log, Snapshots = log, Views = new FaultyViews(Views, faults) };
    }
}
