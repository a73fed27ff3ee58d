using Loire.EventLog.ContractTests.PostgreSql;

namespace Loire.Tests.Projections;

/// <summary>A throw-away server that the tests of a class share, each with a database of its own.</summary>
public sealed class PostgreSqlServerOfClass : IAsyncDisposable
{
    private readonly Lazy<Task<PostgreSqlServer>> _server = new(PostgreSqlServer.Start);
    private int _databases;

    /// <summary>Makes a database. Skips the test when the programs of PostgreSQL are not there.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabase()
    {
        var name = $"db{++_databases}";
        await (await _server.Value).Execute($"CREATE DATABASE {name}");
        return (await _server.Value).ConnectionString(name);
    }

    /// <summary>Lets the server crash, and starts it again.</summary>
    public async Task Crash()
    {
        await (await _server.Value).Stop("QUIT");
        await (await _server.Value).StartAgain();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated && !_server.Value.IsFaulted)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
