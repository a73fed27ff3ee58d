using System.Diagnostics;
using System.Text.Json;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Benchmarks.Commands;
using Loire.EventLog;
using Loire.EventLog.Views;
using Loire.Projections;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.Rebuilds;

/// <summary>Measures one store.</summary>
internal sealed class RebuildLoad(string name, int events, int page)
{
    /// <summary>Deposits go round all of them: no page of the log has two events of one account.</summary>
    private const int Accounts = 20_000;

    private const int CommandsPerSecond = 500;

    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);

    public async Task Run(Action<IServiceCollection> addStore)
    {
        await using var platform = await Platform.Start(addStore, views: false, loire: loire => loire
            .AddProjection<AccountsView>()
            .Services.Configure<RebuildOptions>(options => options.PageSize = page));
        await Fill(platform.Log);
        var clock = Stopwatch.StartNew();
        await platform.CatchUp("accounts");
        Console.WriteLine($"{name}, {events} events, {Accounts} accounts, pages of {page}. After the log was filled, the view caught up in {clock.Elapsed.TotalSeconds:0.0} s.\n");

        Console.WriteLine("| what | events or documents per second |");
        Console.WriteLine("|---|--:|");
        Console.WriteLine($"| plain upsert, 500 documents and a checkpoint in a transaction | {await Upsert(platform.ViewStore, "upserted", new AccountsView().View.Fields):N0} |");
        Console.WriteLine($"| the same of documents without declared fields | {await Upsert(platform.ViewStore, "undeclared", []):N0} |");
        Console.WriteLine($"| log read in pages of 4,000 | {await Read(platform.Log):N0} |");
        Console.WriteLine($"| the same, and events decoded, on one thread | {await Read(platform.Log, new EventCodec("account", typeof(AccountEvent))):N0} |");
        Console.WriteLine($"| documents serialized, on one thread | {Serialize():N0} |");
        for (var run = 0; run < 2; run++)
        {
            Console.WriteLine($"| rebuild | {await Rebuild(platform):N0} |");
        }

        var before = await Commands(platform, async () =>
        {
            await Task.Delay(Alone);
            return 0;
        });
        var during = await Commands(platform, () => Rebuild(platform));
        Console.WriteLine($"\n| {CommandsPerSecond} commands per second | p50 ms | p99 ms |");
        Console.WriteLine("|---|--:|--:|");
        Console.WriteLine($"| without a rebuild | {before.Latencies.Percentile(50):0.0} | {before.Latencies.Percentile(99):0.0} |");
        Console.WriteLine($"| while one runs, at {during.Result:N0} events per second | {during.Latencies.Percentile(50):0.0} | {during.Latencies.Percentile(99):0.0} |\n");
    }

    private async Task Fill(IEventLog log)
    {
        var codec = new EventCodec("account", typeof(AccountEvent));
        var at = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (account, _) =>
            await Append(account, 0, new AccountEvent.Opened($"o-{account % 100}", Money.Of(100))));
        for (var round = 1; round < events / Accounts; round++)
        {
            var version = round;
            await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (account, _) =>
                await Append(account, version, new AccountEvent.Deposited(Money.Of(1))));
        }

        async Task Append(int account, int version, AccountEvent e)
        {
            var encoded = codec.Encode(e, at, new EventMetadata(CorrelationId: $"c-{account}-{version}"));
            if (await log.Append(new AppendRequest(new StreamName("account", $"a-{account}"), version, [encoded])) is not AppendResult.Appended)
            {
                throw new InvalidOperationException("An append did not go through.");
            }
        }
    }

    private async Task<double> Upsert(IViewStore store, string table, IReadOnlyList<ViewField> fields)
    {
        const int batch = 500;
        var view = new ViewSchema(table, Version: 1, fields);
        await store.Define(view);
        var clock = Stopwatch.StartNew();
        for (var position = 0; position < events; position += batch)
        {
            var changes = Enumerable.Range(position, batch).Select(DocumentChange (n) => Document(view, n % Accounts, n)).ToList();
            await store.Commit(new CheckpointMove(view.StoreName, 0, position, position + batch), changes);
        }

        return events / clock.Elapsed.TotalSeconds;
    }

    private static DocumentChange.Put Document(ViewSchema view, int account, int balance) => new(
        view,
        $"a-{account}",
        JsonSerializer.SerializeToUtf8Bytes(new AccountView($"a-{account}", $"o-{account % 100}", balance, IsActive: true), LoireJson.Stored));

    private async Task<double> Read(IEventLog log, EventCodec? codec = null)
    {
        var clock = Stopwatch.StartNew();
        for (var after = 0L; after < events;)
        {
            var read = await log.ReadAll(after, LogFilter.All, 4_000);
            after = read.Through;
            if (codec is not null)
            {
                read.Events.ToList().ForEach(e => codec.Decode(e));
            }
        }

        return events / clock.Elapsed.TotalSeconds;
    }

    private double Serialize()
    {
        var view = new AccountsView().View;
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < events; n++)
        {
            Document(view, n % Accounts, n);
        }

        return events / clock.Elapsed.TotalSeconds;
    }

    private async Task<double> Rebuild(Platform platform)
    {
        var rebuild = platform.Grains.GetGrain<IRebuildGrain>("accounts");
        var head = platform.Log.Head;
        var clock = Stopwatch.StartNew();
        if ((await rebuild.Start()).Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }

        var ended = await rebuild.Ended(TimeSpan.FromMinutes(5));
        return ended?.State == RebuildState.Completed
            ? head / clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The rebuild has not completed: {ended?.LastError}");
    }

    // At a fixed rate, whether or not earlier ones have been answered.
    private static async Task<(Latencies Latencies, double Result)> Commands(Platform platform, Func<Task<double>> meanwhile)
    {
        await platform.DepositInto(0);
        var until = Task.Run(meanwhile);
        var clock = Stopwatch.StartNew();
        var running = new List<Task<double>>();
        while (!until.IsCompleted)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * CommandsPerSecond); running.Count < due;)
            {
                running.Add(One(running.Count % 1024));
            }

            await Task.Delay(1);
        }

        return (new Latencies(await Task.WhenAll(running), clock.Elapsed), await until);

        async Task<double> One(int account)
        {
            var start = Stopwatch.GetTimestamp();
            await platform.DepositInto(account);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
