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

<<<<<<< HEAD
public sealed class InMemorySearchTests : SearchContract
=======
public sealed class InMemoryViewDropTests : ViewDropContract
>>>>>>> 8b1d438 (Let stores keep generations of a view beside each other, and drop one)
{
    protected override Task<IStoreUnderTest> Open() => InMemoryUnderTest.Open();
}
