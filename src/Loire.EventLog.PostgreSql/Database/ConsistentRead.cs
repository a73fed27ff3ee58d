using Npgsql;

namespace Loire.EventLog.PostgreSql;

/// <summary>Queries that see one state of the database, in one round trip.</summary>
internal sealed class ConsistentRead : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch;

    public ConsistentRead(NpgsqlConnection connection)
    {
        _batch = new NpgsqlBatch(connection);
        _batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    }

    /// <summary>Adds a query with its parameters <c>$1</c>, <c>$2</c>…</summary>
    public ConsistentRead Query(string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        var query = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            query.Parameters.Add(parameter);
        }

        _batch.BatchCommands.Add(query);
        return this;
    }

    /// <summary>The results of the queries, one after the other.</summary>
    public async Task<NpgsqlDataReader> Open(CancellationToken cancellation)
    {
        _batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        return await _batch.ExecuteReaderAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}
