using Loire.Benchmarks.PostgreSql;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;

namespace Loire.Benchmarks.Soak;

/// <summary>A store that all silos share, in a folder that goes with it.</summary>
internal sealed class SoakStore(IEventLog log, IViewStore views, Func<ValueTask> close) : IAsyncDisposable
{
    public IEventLog Log => log;

    public IViewStore Views => views;

    public static async Task<SoakStore> Open(SoakOptions options)
    {
        if (options.Store == "postgresql")
        {
            var server = await ThrowAwayServer.Start(options.Folder);
            var database = await PostgreSqlStore.Open(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString });
            return new SoakStore(database.Log, database.Views, async () =>
            {
                await database.DisposeAsync();
                await server.DisposeAsync();
            });
        }

        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"soak-{Guid.NewGuid():N}")).FullName;

        // The ends of streams that the writer remembers are many, and would look like memory that is not given back.
        var store = SqliteStore.Open(new SqliteStoreOptions { DataFolder = folder, StreamTails = 1_000 });
        return new SoakStore(store.Log, store.Views, async () =>
        {
            await store.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        });
    }

    public ValueTask DisposeAsync() => close();
}
