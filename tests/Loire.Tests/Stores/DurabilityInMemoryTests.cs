using Loire.Testing;

namespace Loire.Tests.Stores;

public sealed class DurabilityInMemoryTests : DurabilityTests
{
    protected override Task<TestStore> NewStore() => Task.FromResult(TestStore.InMemory());
}
