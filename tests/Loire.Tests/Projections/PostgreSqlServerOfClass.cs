using Loire.EventLog.ContractTests.PostgreSql;

namespace Loire.Tests.Projections;

/// <summary>A throw-away server that the tests of a class share, each with a database of its own.</summary>
public sealed class PostgreSqlServerOfClass : IAsyncDisposable
{
    private readonly Lazy<Task<PostgreSqlServer>> server = new(PostgreSqlServer.Start);
    private int databases;

    /// <summary>Makes a database. Skips the test when the programs of PostgreSQL are not there.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabase()
    {
        var name = $"db{++databases}";
        await (await server.Value).Execute($"CREATE DATABASE {name}");
        return (await server.Value).ConnectionString(name);
    }

    /// <summary>Lets the server crash, and starts it again.</summary>
    public async Task Crash()
    {
        await (await server.Value).Stop("QUIT");
        await (await server.Value).StartAgain();
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated && !server.Value.IsFaulted)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
