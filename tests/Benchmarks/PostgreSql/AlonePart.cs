using System.Diagnostics;
using Loire.Benchmarks.Commands;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>Where the time of a caller goes who is alone: one event after the other, each way adding a layer to the one before.</summary>
internal static class AlonePart
{
    private const int Rounds = 6;

    private const string Insert =
        """
        INSERT INTO raw_events VALUES (nextval('raw_position'), 'account', $1, 1, $2, 'account.deposited', 1, now(), 7,
          '{"amount":1.00}', NULL, $1, $1, NULL, NULL)
        """;

    private const string InsertAndNotify = $"WITH row AS ({Insert} RETURNING position) SELECT pg_notify('loire', '0') FROM row";

    public static async Task Run(Bench bench)
    {
        await using var platform = await Platform.Start(services => services.AddPostgreSqlStore(bench.Store), views: false);
        await platform.OpenAccounts(16);
        await using var connection = await bench.Connect();
        (string What, Func<Task> Once)[] ways =
        [
            ("SELECT 1", () => Execute(new NpgsqlCommand("SELECT 1", connection))),
            ("INSERT", () => Execute(new NpgsqlCommand(Insert, connection), Guid.NewGuid())),
            ("INSERT and NOTIFY, to a listener in this process", () => Execute(new NpgsqlCommand(InsertAndNotify, connection), Guid.NewGuid())),
            ("the store's function", () => Append(connection)),
            ("append", () => AccountEvents.Append(platform.Log, $"{Guid.NewGuid()}", 0, 1)),
            ("command through a grain", () => platform.DepositInto(Random.Shared.Next(16))),
        ];
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var measured = await Measure(ways[way].Once, bench.Options.Time / Rounds);
                times[way].AddRange(round == 0 ? [] : measured);
            }
        }

        Bench.Title("one caller", "p50 ms", "p10 ms");
        for (var way = 0; way < ways.Length; way++)
        {
            var latencies = new Latencies(times[way], bench.Options.Time);
            Bench.Row($"{ways[way].What} | {latencies.Percentile(50):0.000} | {latencies.Percentile(10):0.000}");
        }
    }

    private static async Task<List<double>> Measure(Func<Task> once, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        List<double> times = [];
        while (clock.Elapsed < time)
        {
            var start = Stopwatch.GetTimestamp();
            await once();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static async Task Append(NpgsqlConnection connection)
    {
        var request = new AppendRequest(new StreamName("account", $"{Guid.NewGuid()}"), 0, [AccountEvents.At(2)]);
        await Execute(new AppendBatch([new AppendItem(request, bytes: 0)]).Command(connection, TimeProvider.System.GetUtcNow(), seconds: 10));
    }

    private static async Task Execute(NpgsqlCommand command, Guid? id = null)
    {
        await using var executed = command;
        if (id is { } given)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"{given}" });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = given });
        }

        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
        }
    }
}
