using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.Commands;
using Loire.Benchmarks.PostgreSql;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Loire.Queries;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.Queries;

/// <summary>
/// <c>queries [documents] [seconds] [stores]</c>: views of so many products, read by id, by page, by words and by a query of
/// one's own, beside the same as plain SQL on the same tables; pages kept and not. Prints Markdown tables.
/// </summary>
internal static class QueriesBenchmark
{
    public const int Clients = 8;

    public static async Task Run(string[] args)
    {
        var documents = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var time = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 2);
        var stores = (args.Length > 2 ? args[2] : "sqlite,postgresql").Split(',');
        if (stores.Contains("sqlite"))
        {
            var folder = Directory.CreateTempSubdirectory("loire-queries-").FullName;
            await Measure(
                "SQLite",
                documents,
                time,
                services => services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder }),
                () => new PlainSqlite(Path.Combine(folder, SqliteStoreOptions.FileName)));
            Directory.Delete(folder, recursive: true);
        }

        if (stores.Contains("postgresql"))
        {
            await using var server = await ThrowAwayServer.Start(Path.GetTempPath());
            await Measure(
                "PostgreSQL",
                documents,
                time,
                services => services.AddPostgreSqlStore(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString }),
                () => new PlainPostgreSql(server.ConnectionString));
        }
    }

    private static async Task Measure(
        string store, int documents, TimeSpan time, Action<IServiceCollection> addStore, Func<IPlainSql> openPlain)
    {
        await using var platform = await Platform.Start(services =>
        {
            addStore(services);
            services.Configure<QueryOptions>(options => options.CacheBytes = 0);
        });
        var clock = Stopwatch.StartNew();
        await Catalogue.Fill(platform.Log, documents);
        await platform.CatchUp("products");
        Console.Error.WriteLine($"{documents} documents in {clock.Elapsed.TotalSeconds:F0} s");
        await using var plain = openPlain();
        await new Reads(platform, plain, documents, time).Run(store);
    }
}
