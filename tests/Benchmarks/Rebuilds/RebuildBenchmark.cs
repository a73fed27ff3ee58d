using System.Globalization;
using Loire.Benchmarks.PostgreSql;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Loire.Projections;

namespace Loire.Benchmarks.Rebuilds;

/// <summary>
/// <c>rebuild [sqlite|postgresql|both] [events] [page] [folder]</c>: how fast a simple view is filled anew, beside a plain upsert of
/// the same documents, and what that does to commands. Prints Markdown tables.
/// </summary>
internal static class RebuildBenchmark
{
    public static async Task Run(string[] args)
    {
        var store = args.Length > 0 ? args[0] : "both";
        var events = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        var page = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : new RebuildOptions().PageSize;
        var root = args.Length > 3 ? args[3] : Path.GetTempPath();
        if (store is "sqlite" or "both")
        {
            await OnSqlite(root, events, page);
        }

        if (store is "postgresql" or "both")
        {
            await OnPostgreSql(root, events, page);
        }
    }

    private static async Task OnSqlite(string root, int events, int page)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, $"rebuild-{Guid.NewGuid():N}")).FullName;
        try
        {
            await new RebuildLoad("SQLite", events, page).Run(services =>
                services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task OnPostgreSql(string root, int events, int page)
    {
        await using var server = await ThrowAwayServer.Start(root);
        await server.PrepareLog();
        await new RebuildLoad("PostgreSQL", events, page).Run(services =>
            services.AddPostgreSqlStore(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString }));
    }
}
