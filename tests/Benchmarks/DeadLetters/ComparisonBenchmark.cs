using System.Diagnostics;
using System.Globalization;
using Loire.Benchmarks.PostgreSql;
using Loire.DeadLetters;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;
using Loire.Projections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loire.Benchmarks.DeadLetters;

/// <summary>
/// <c>comparison [sqlite|postgresql|both] [folder]</c>: how long a rebuild takes to compare what it has set aside with what its
/// view has, when as many events fail in both; with and without a count of all for each page. Prints a Markdown table.
/// </summary>
internal static class ComparisonBenchmark
{
    private const int Together = 500;

    private static readonly int[] Sizes = [5_000, 20_000, 50_000];
    private static readonly TallyView View = new();
    private static readonly Generation Live = Generation.Of(View, 1);
    private static readonly Generation Next = Generation.Of(View, 2);

    public static async Task Run(string[] args)
    {
        var store = args.Length > 0 ? args[0] : "both";
        var root = args.Length > 1 ? args[1] : Path.GetTempPath();
        Console.WriteLine("| store | failing events | compared, counted for each page, ms | compared, ms | again, nothing changed, ms | read by an audit, ms | letters of the retired one removed, ms |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var size in Sizes)
        {
            if (store is "sqlite" or "both")
            {
                var folder = Directory.CreateDirectory(Path.Combine(root, $"letters-{Guid.NewGuid():N}")).FullName;
                await using (var opened = SqliteStore.Open(new SqliteStoreOptions { DataFolder = folder }))
                {
                    await On("SQLite", opened.Views, size);
                }

                Directory.Delete(folder, recursive: true);
            }

            if (store is "postgresql" or "both")
            {
                await using var server = await ThrowAwayServer.Start(root);
                await using var opened = await PostgreSqlStore.Open(new PostgreSqlStoreOptions { ConnectionString = server.ConnectionString });
                await On("PostgreSQL", opened.Views, size);
            }
        }
    }

    private static async Task On(string name, IViewStore store, int size)
    {
        await Fill(store, size);
        var check = new SetAsideCheck(View, store);
        var basis = await check.Basis(Live, Next.Number, CancellationToken.None);
        await Compare(check, compared: null);
        var counted = await Compare(new SetAsideCheck(View, new CountedViews(store)), compared: null);
        var compared = await Compare(check, compared: null);
        var again = await Compare(check, basis);
        var audit = await Time(async () =>
        {
            if ((await new SetAsideEvents(Live, store).Read(CancellationToken.None)).Count != size)
            {
                throw new InvalidOperationException("It has not read all of them.");
            }
        });
        var removed = await Time(() => new GenerationLetters(store, NullLogger.Instance).Remove(Live, CancellationToken.None));
        if ((await store.Query(DeadLetter.Schema, new ViewQuery { Limit = 1 })).Total != size)
        {
            throw new InvalidOperationException("It has not removed those of one generation.");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {size:N0} | {counted:N0} | {compared:N0} | {again:N0} | {audit:N0} | {removed:N0} |"));
    }

    private static Task<double> Compare(SetAsideCheck check, ComparedLetters? compared) => Time(async () =>
    {
        if (await check.Complaint(Live, Next.Number, compared, CancellationToken.None) is { } complaint)
        {
            throw new InvalidOperationException(complaint);
        }
    });

    private static async Task<double> Time(Func<Task> act)
    {
        var clock = Stopwatch.StartNew();
        await act();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task Fill(IViewStore store, int size)
    {
        await store.Define(DeadLetter.Schema);
        foreach (var generation in new[] { Live, Next })
        {
            var at = 0L;
            foreach (var positions in Enumerable.Range(1, size).Chunk(Together))
            {
                var move = new CheckpointMove(generation.CheckpointName, 0, at, positions[^1]);
                if (!await store.Commit(move, [.. positions.Select(position => DeadLetterWriting.Put(Letter(generation, position)))]))
                {
                    throw new InvalidOperationException("Somebody else writes to it.");
                }

                at = positions[^1];
            }
        }
    }

    private static DeadLetter Letter(Generation generation, long position)
    {
        var stream = new StreamName("account", $"a-{position}");
        var owner = $"{generation.CheckpointName}/0";
        var at = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        return new DeadLetter
        {
            Id = DeadLetter.IdOf(generation.CheckpointName, partition: 0, position),
            Queue = generation.Queue,
            Generation = generation.CheckpointName,
            Partition = 0,
            State = DeadLetterState.Parked,
            HeadOf = owner,
            Line = DeadLetter.LineOf(owner, stream),
            Position = position,
            EventId = Guid.NewGuid(),
            Aggregate = stream.Aggregate,
            AggregateId = stream.Id,
            Version = 2,
            Type = "account.deposited",
            SchemaVersion = 1,
            OccurredAt = at,
            Metadata = EventMetadata.None,
            Data = """{"amount":{"amount":13,"currency":"EUR"}}""",
            Attempts = 3,
            Error = "13 is bad luck",
            ErrorDetail = new string('x', 1_000),
            CreatedAt = at,
            LastFailedAt = at,
        };
    }
}
