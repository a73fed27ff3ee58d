using Microsoft.Data.Sqlite;

namespace Loire.Benchmarks.Queries;

/// <summary>SQLite with the plain client.</summary>
internal sealed class PlainSqlite(string file) : IPlainSql
{
    private const string Table = "\"view:products@1\"";
    private const string Found = "id IN (SELECT w.id FROM \"search:products@1\"(@0) s CROSS JOIN \"words:products@1\" w ON w.row = s.rowid)";
    private const string Held =
        "(\"k:name\" LIKE @0 OR \"k:description\" LIKE @0 OR \"k:category\" LIKE @0) "
        + "AND (\"k:name\" LIKE @1 OR \"k:description\" LIKE @1 OR \"k:category\" LIKE @1)";

    private readonly SqliteConnection[] _connections = [.. Enumerable.Range(0, QueriesBenchmark.Clients).Select(_ =>
    {
        var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    })];

    public Task Find(int client, string id) => Run(client, $"SELECT id, doc FROM {Table} WHERE id = @0", id);

    public Task Category(int client, string category) => Page(client, "\"k:category\" = @0", "\"f:price\" DESC, id", category);

    public Task Active(int client) => Page(client, "\"f:isActive\" = 1", "\"f:price\", id");

    public Task Search(int client, string[] words) => Page(client, Found, "id", string.Join(" AND ", words.Select(word => $"\"{word}\" *")));

    public Task Like(int client, string[] words) => Page(client, Held, "id", [.. words.Select(word => $"%{word}%")]);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private Task Page(int client, string where, string order, params string[] values) => Run(
        client, $"SELECT count(*) FROM {Table} WHERE {where}; SELECT id, doc FROM {Table} WHERE {where} ORDER BY {order} LIMIT 21", values);

    // It has no asynchronous reading.
    private Task Run(int client, string sql, params string[] values) => Task.Run(() =>
    {
        using var command = _connections[client].CreateCommand();
        command.CommandText = sql;
        for (var n = 0; n < values.Length; n++)
        {
            command.Parameters.AddWithValue($"@{n}", values[n]);
        }

        using var rows = command.ExecuteReader();
        do
        {
            while (rows.Read())
            {
                _ = rows.GetString(rows.FieldCount - 1);
            }
        }
        while (rows.NextResult());
    });
}
