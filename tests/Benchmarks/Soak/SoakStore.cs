using Loire.Benchmarks.PostgreSql;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;

namespace Loire.Benchmarks.Soak;

/// <summary>A store that all silos share, in a folder that goes with it.</summary>
internal sealed class SoakStore(IEventLog log, IViewStore views, Func<Task>? crash, Func<ValueTask> close) : IAsyncDisposable
{
    public IEventLog Log => log;

    public IViewStore Views => views;

    /// <summary>Lets the database crash and recover; <see langword="null"/> where it lives in this process.</summary>
    public Func<Task>? Crash => crash;

    /// <param name="kind"><c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="root">Where its folder is made.</param>
    public static async Task<SoakStore> Open(string kind, string root)
    {
        if (kind == "postgresql")
        {
            var server = await ThrowAwayServer.Start(root);
            var database = await PostgreSqlStore.Open(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString });
            return new SoakStore(database.Log, database.Views, server.Crash, async () =>
            {
                await database.DisposeAsync();
                await server.DisposeAsync();
            });
        }

        var folder = Directory.CreateDirectory(Path.Combine(root, $"soak-{Guid.NewGuid():N}")).FullName;

        // The ends of streams that the writer remembers are many, and would look like memory that is not given back.
        var store = SqliteStore.Open(new SqliteStoreOptions { DataFolder = folder, StreamTails = 1_000 });
        return new SoakStore(store.Log, store.Views, crash: null, async () =>
        {
            await store.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        });
    }

    public ValueTask DisposeAsync() => close();
}
