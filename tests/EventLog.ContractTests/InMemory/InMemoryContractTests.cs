namespace Loire.EventLog.ContractTests.InMemory;

public sealed class InMemoryAppendTests : AppendContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryHostileTextTests : HostileTextContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryIdempotencyTests : IdempotencyContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryReadTests : ReadContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemorySizeTests : SizeContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemorySnapshotTests : SnapshotContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryViewCommitTests : ViewCommitContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryViewQueryTests : ViewQueryContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemorySearchTests : SearchContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryViewDropTests : ViewDropContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}

public sealed class InMemoryCursorTests : CursorContract
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}
