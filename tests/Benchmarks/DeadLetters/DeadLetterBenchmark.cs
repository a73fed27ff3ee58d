using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.Commands;
using Loire.Benchmarks.PostgreSql;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.DeadLetters;

/// <summary>
/// <c>dead-letters [sqlite|postgresql|both] [events] [bad] [folder]</c>: a view catches up with a log in which some events cannot
/// be handled, it is rebuilt, and then these are retried. Prints Markdown tables, and checks that nothing was lost, doubled or out of order.
/// </summary>
internal static class DeadLetterBenchmark
{
    public static async Task Run(string[] args)
    {
        var store = args.Length > 0 ? args[0] : "both";
        var events = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        var bad = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1_000;
        var root = args.Length > 3 ? args[3] : Path.GetTempPath();
        if (store is "sqlite" or "both")
        {
            var folders = Enumerable.Range(0, 2).Select(_ => Directory.CreateDirectory(Path.Combine(root, $"letters-{Guid.NewGuid():N}")).FullName).ToArray();
            foreach (var (folder, fails) in folders.Zip([false, true]))
            {
                await On("SQLite", s => s.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder }), events, bad, fails);
                Directory.Delete(folder, recursive: true);
            }
        }

        if (store is "postgresql" or "both")
        {
            foreach (var fails in new[] { false, true })
            {
                await using var server = await ThrowAwayServer.Start(root);
                await On(
                    "PostgreSQL",
                    s => s.AddPostgreSqlStore(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString }),
                    events,
                    bad,
                    fails);
            }
        }
    }

    private static async Task On(string name, Action<IServiceCollection> addStore, int events, int bad, bool fails)
    {
        var load = new DeadLetterLoad(events, bad);
        await using (var empty = await Platform.Start(addStore, views: false))
        {
            await load.Fill(empty.Log);
        }

        TallyView.Fails = fails;
        await using var platform = await Platform.Start(addStore, views: false, loire: load.Register);
        var clock = Stopwatch.StartNew();
        await platform.CatchUp("tally");
        Console.WriteLine($"{name}: {events:N0} events, {(fails ? bad : 0):N0} of them bad: caught up in {clock.Elapsed.TotalSeconds:0.0} s, {events / clock.Elapsed.TotalSeconds:N0} events/s");
        if (fails)
        {
            var letters = await load.Parked(platform);
            Console.WriteLine($"{name}: all parked after {clock.Elapsed.TotalSeconds:0.0} s, {letters:N0} dead letters with those behind them");
        }

        clock.Restart();
        var plan = await load.Rebuild(platform);
        var took = plan.EndedAt!.Value - plan.StartedAt;
        Console.WriteLine($"{name}: rebuilt in {took.TotalSeconds:0.0} s, {events / took.TotalSeconds:N0} events/s, {plan.SetAside:N0} of them set aside; letters of before gone after {clock.Elapsed.TotalSeconds:0.0} s");
        if (fails)
        {
            TallyView.Fails = false;
            clock.Restart();
            var report = await load.RetryAll(platform);
            Console.WriteLine($"{name}: {report:N0} handled in {clock.Elapsed.TotalSeconds:0.0} s, {report / clock.Elapsed.TotalSeconds:N0} events/s");
        }

        var wrong = await load.Wrong(platform);
        Console.WriteLine($"{name}: {wrong} accounts are not as they should be");
        Environment.ExitCode = wrong == 0 ? Environment.ExitCode : 1;
    }
}
