namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class SqliteAppendTests : AppendContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteHostileTextTests : HostileTextContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteIdempotencyTests : IdempotencyContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteReadTests : ReadContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteSizeTests : SizeContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteSnapshotTests : SnapshotContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteViewCommitTests : ViewCommitContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteViewQueryTests : ViewQueryContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteSearchTests : SearchContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteViewDropTests : ViewDropContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}

public sealed class SqliteCursorTests : CursorContract
{
    protected override Task<IStoreUnderTest> Open() => SqliteUnderTest.Open();
}
