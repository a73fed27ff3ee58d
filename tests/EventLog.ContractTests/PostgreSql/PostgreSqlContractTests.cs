namespace Loire.EventLog.ContractTests.PostgreSql;

public sealed class PostgreSqlAppendTests : AppendContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlHostileTextTests : HostileTextContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlIdempotencyTests : IdempotencyContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlReadTests : ReadContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlSizeTests : SizeContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlSnapshotTests : SnapshotContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlViewCommitTests : ViewCommitContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlViewQueryTests : ViewQueryContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlSearchTests : SearchContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlViewDropTests : ViewDropContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}

public sealed class PostgreSqlCursorTests : CursorContract
{
    protected override Task<IStoreUnderTest> Open() => PostgreSqlUnderTest.Open();
}
