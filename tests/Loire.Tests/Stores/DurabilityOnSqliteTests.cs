using Loire.Testing;

namespace Loire.Tests.Stores;

public sealed class DurabilityOnSqliteTests : DurabilityTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loire-").FullName;

    protected override Task<TestStore> NewStore() => Task.FromResult(TestStore.Sqlite(_folder));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
