using Loire.EventLog.ContractTests.PostgreSql;
using Loire.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlServerLife))]

namespace Loire.Tests.Stores;

public sealed class DurabilityOnPostgreSqlTests : DurabilityTests
{
    protected override async Task<TestStore> NewStore()
    {
        var server = await PostgreSqlServer.Shared;
        var database = $"durability_{Guid.NewGuid():N}";
        await server.Execute($"CREATE DATABASE {database}");
        return TestStore.PostgreSql(server.ConnectionString(database));
    }
}
