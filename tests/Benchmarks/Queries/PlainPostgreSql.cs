using Npgsql;

namespace Loire.Benchmarks.Queries;

/// <summary>PostgreSQL with the plain client, count and page in one round trip.</summary>
internal sealed class PlainPostgreSql(string connectionString) : IPlainSql
{
    private const string Table = "loire.\"products@1\"";
    private const string Held =
        "(\"t:name\" ILIKE $1 OR \"t:description\" ILIKE $1 OR \"t:category\" ILIKE $1) "
        + "AND (\"t:name\" ILIKE $2 OR \"t:description\" ILIKE $2 OR \"t:category\" ILIKE $2)";

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        $"{connectionString};Max Auto Prepare=20;Auto Prepare Min Usages=1;Options=-c jit=off -c max_parallel_workers_per_gather=0");

    public Task Find(int client, string id) => Run([$"SELECT id, doc FROM {Table} WHERE id = $1"], id);

    public Task Category(int client, string category) => Page("\"t:category\" = $1", "\"n:price\" DESC NULLS LAST, id", category);

    public Task Active(int client) => Page("\"b:isActive\"", "\"n:price\" NULLS FIRST, id");

    public Task Search(int client, string[] words) =>
        Page("words @@ $1::tsquery", "id", string.Join(" & ", words.Select(word => $"'{word}':*")));

    public Task Like(int client, string[] words) => Page(Held, "id", [.. words.Select(word => $"%{word}%")]);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private Task Page(string where, string order, params string[] values) => Run(
        [$"SELECT count(*) FROM {Table} WHERE {where}", $"SELECT id, doc FROM {Table} WHERE {where} ORDER BY {order} LIMIT 21"], values);

    private async Task Run(string[] statements, params string[] values)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement);
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            }

            batch.BatchCommands.Add(command);
        }

        await using var rows = await batch.ExecuteReaderAsync();
        do
        {
            while (await rows.ReadAsync())
            {
                _ = rows.GetValue(rows.FieldCount - 1);
            }
        }
        while (await rows.NextResultAsync());
    }
}
