using System.Diagnostics;
using Commerce.Accounts;
using Commerce.Values;
using Loire.Aggregates;
using Loire.Benchmarks.Commands;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Loire.Benchmarks.States;

/// <summary>
/// <c>states [folder]</c>: what it takes to read the state of an account with few and with many events as
/// <c>GET /api/account/{id}</c> does, beside a fold of all of them, as with <c>?version=</c>. On SQLite. Prints a Markdown table.
/// </summary>
internal static class StateBenchmark
{
    private const int Batch = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task Run(string[] args)
    {
        var root = args.Length > 0 ? args[0] : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(root, $"states-{Guid.NewGuid():N}")).FullName;
        try
        {
            await Measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string folder)
    {
        var kept = new SnapshotsCounted();
        await using var platform = await Platform.Start(
            services =>
            {
                services.AddSqliteStore(new SqliteStoreOptions { DataFolder = folder });
                var store = services.Last(s => s.ServiceType == typeof(ISnapshotStore));
                services.AddSingleton<ISnapshotStore>(sp => kept.Around((ISnapshotStore)store.ImplementationFactory!(sp)));
            },
            views: false);
        var reader = platform.Services.GetRequiredService<AggregateReader>();
        var accounts = platform.Services.GetRequiredService<AggregateRegistry>().All.Single();
        Console.WriteLine("| events | folded from all, ms (p50) | as it is read now, ms (p50) |");
        Console.WriteLine("|--:|--:|--:|");
        foreach (var events in (int[])[10, 1_000, 100_000])
        {
            var stream = new StreamName("account", $"a-{events}");
            await Append(platform.Log, stream, events);
            await reader.Read(accounts, stream.Id);
            if (events >= 100)
            {
                await kept.Next().WaitAsync(Patience);
            }

            var folded = await Time(events > 10_000 ? 10 : 200, async () => accounts.Fold(await platform.Log.Load(stream)).ToString());
            var now = await Time(200, async () => (await reader.Read(accounts, stream.Id))!.State.ToString());
            if (folded.State != now.State)
            {
                throw new InvalidOperationException($"{stream} is {folded.State} and was read as {now.State}");
            }

            Console.WriteLine($"| {events:N0} | {folded.Taken.Percentile(50):0.00} | {now.Taken.Percentile(50):0.00} |");
        }
    }

    private static async Task Append(IEventLog log, StreamName stream, int count)
    {
        var codec = new EventCodec("account", typeof(AccountEvent));
        var events = Enumerable.Range(0, count).Select(n => n == 0 ? (AccountEvent)new AccountEvent.Opened("ada", Money.Zero) : new AccountEvent.Deposited(Money.Of(1)));
        var version = 0;
        foreach (var batch in events.Chunk(Batch))
        {
            NewEvent[] encoded = [.. batch.Select(e => codec.Encode(e, TimeProvider.System.GetUtcNow(), EventMetadata.None))];
            if (await log.Append(new AppendRequest(stream, version, encoded)) is not AppendResult.Appended)
            {
                throw new InvalidOperationException($"{stream} was not written.");
            }

            version += batch.Length;
        }
    }

    private static async Task<(Latencies Taken, string State)> Time(int times, Func<Task<string>> read)
    {
        var state = await read();
        List<double> taken = [];
        for (var n = 0; n < times; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await read();
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (new Latencies(taken, TimeSpan.FromMilliseconds(taken.Sum())), state);
    }

    /// <summary>Tells when a snapshot has been kept.</summary>
    private sealed class SnapshotsCounted : ISnapshotStore
    {
        private readonly SemaphoreSlim _kept = new(0);
        private ISnapshotStore _inner = null!;

        public ISnapshotStore Around(ISnapshotStore inner)
        {
            _inner = inner;
            return this;
        }

        public Task Next() => _kept.WaitAsync();

        public Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default) =>
            _inner.Load(stream, shape, cancellation);

        public async Task<bool> Save(Snapshot snapshot)
        {
            var saved = await _inner.Save(snapshot);
            if (saved)
            {
                _kept.Release();
            }

            return saved;
        }
    }
}
