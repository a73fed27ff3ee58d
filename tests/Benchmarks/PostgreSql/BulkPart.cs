using System.Diagnostics;
using Loire.EventLog;
using Loire.EventLog.PostgreSql;
using Npgsql;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>Events in bulk, a thousand per commit, beside multi-row inserts of the same rows over one connection.</summary>
internal static class BulkPart
{
    public static async Task Run(Bench bench)
    {
        var total = bench.Options.Events;
        await using var store = await PostgreSqlStore.Open(bench.Store);
        await Inserts(bench, total / 10, "warm-up");
        await Appends(store.Log, total / 10, callers: 4);
        Bench.Title($"{total:N0} events, {AccountEvents.Batch:N0} per commit", "events per second", "of plain inserts");
        var plain = await Inserts(bench, total, "plain");
        Bench.Row($"multi-row INSERT, one connection | {plain:N0} |");
        foreach (var callers in (int[])[1, 4])
        {
            var rate = await Appends(store.Log, total, callers);
            Bench.Row($"append, callers: {callers} | {rate:N0} | {rate / plain:0.00}");
        }

        Bench.Row($"multi-row INSERT again | {await Inserts(bench, total, "again"):N0} |");
    }

    private static async Task<double> Appends(IEventLog log, int total, int callers)
    {
        var run = Guid.NewGuid();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller =>
            Task.Run(() => AccountEvents.Fill(log, $"{run}-{caller}", total / callers))));
        return total / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> Inserts(Bench bench, int total, string id)
    {
        await using var connection = await bench.Connect();
        var clock = Stopwatch.StartNew();
        for (var version = 0; version < total; version += AccountEvents.Batch)
        {
            await Insert(connection, id, [.. Enumerable.Range(version + 1, AccountEvents.Batch).Select(n => AccountEvents.At(n))], version);
        }

        return total / clock.Elapsed.TotalSeconds;
    }

    private static async Task Insert(NpgsqlConnection connection, string id, NewEvent[] events, long version)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO raw_events
            SELECT nextval('raw_position'), 'account', $1, * , NULL, NULL FROM (
                SELECT version, event_id, type, 1, time, 7, data, NULL::text, correlation, causation
                FROM unnest($2, $3, $4, $5, $6, $7, $8) AS e (version, event_id, type, time, data, correlation, causation)) AS rows
            """,
            connection);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        Add(events.Select((_, n) => version + n + 1));
        Add(events.Select(e => e.EventId));
        Add(events.Select(e => e.Type));
        Add(events.Select(e => e.OccurredAt.UtcDateTime));
        Add(events.Select(e => System.Text.Encoding.UTF8.GetString(e.Data.Span)));
        Add(events.Select(e => e.Metadata.CorrelationId!));
        Add(events.Select(e => e.Metadata.CausationId!));
        await insert.ExecuteNonQueryAsync();

        void Add<T>(IEnumerable<T> values) => insert.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. values] });
    }
}
