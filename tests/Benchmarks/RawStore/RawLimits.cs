using System.Diagnostics;
using System.Text;
using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Microsoft.Data.Sqlite;

namespace Loire.Benchmarks.RawStore;

/// <summary>What the disk and SQLite give at best, measured with the plain client: the same tables, settings and rows.</summary>
/// <param name="OneRowCommits">Transactions of one row per second, one connection.</param>
/// <param name="BatchedRows">Rows per second in transactions of <see cref="BatchSize"/>.</param>
public sealed record RawLimits(double OneRowCommits, double BatchedRows)
{
    public const int BatchSize = 100;

    private const string Insert =
        """
        INSERT INTO events (position, aggregate, id, version, event_id, type, schema_version, occurred_at, partition, data,
            user_id, correlation_id, causation_id, trace_parent, tenant)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """;

    /// <summary>Measures both, each for the given time, in a new file in a folder.</summary>
    public static RawLimits Measure(string folder, TimeSpan time)
    {
        using var connection = Open(Path.Combine(folder, "raw.db"));
        using var insert = Prepare(connection);
        var position = 0L;

        // Until the write-ahead log is used for the second time: while it grows, every commit also writes its new length.
        Run(connection, insert, ref position, BatchSize, TimeSpan.FromSeconds(2));
        return new RawLimits(
            Run(connection, insert, ref position, rows: 1, time),
            Run(connection, insert, ref position, BatchSize, time));
    }

    private static double Run(SqliteConnection connection, SqliteCommand insert, ref long position, int rows, TimeSpan time)
    {
        var first = position;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var row = 0; row < rows; row++)
            {
                Bind(insert, ++position);
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return (position - first) / clock.Elapsed.TotalSeconds;
    }

    private static SqliteConnection Open(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -65536");
        foreach (var statement in Schema.Steps.SelectMany(step => step))
        {
            Execute(connection, statement);
        }

        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Insert;
        for (var n = 1; n <= 15; n++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${n}", Value = DBNull.Value });
        }

        command.Prepare();
        return command;
    }

    private static void Bind(SqliteCommand insert, long position)
    {
        var e = BenchmarkEvents.Next();
        var values = insert.Parameters;
        values[0].Value = position;
        values[1].Value = "order";
        values[2].Value = BenchmarkEvents.StreamId(position);
        values[3].Value = (position / BenchmarkEvents.Streams) + 1;
        values[4].Value = e.EventId.ToByteArray(bigEndian: true);
        values[5].Value = e.Type;
        values[6].Value = e.SchemaVersion;
        values[7].Value = e.OccurredAt.UtcTicks / TimeSpan.TicksPerMicrosecond;
        values[8].Value = position % StreamName.Partitions;
        values[9].Value = Encoding.UTF8.GetString(e.Data.Span);
        values[10].Value = e.Metadata.UserId;
        values[11].Value = e.Metadata.CorrelationId;
    }
}
