using Loire.EventLog;

namespace Loire.Benchmarks.PostgreSql;

/// <summary>Events of accounts, written past the grains and many at a time.</summary>
internal static class AccountEvents
{
    public const int Batch = 1000;

    private static readonly ReadOnlyMemory<byte> Opened = """{"ownerId":"o-1","initialBalance":0.00}"""u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Deposited = """{"amount":1.00}"""u8.ToArray();
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The event at a version of an account's stream.</summary>
    public static NewEvent At(long version)
    {
        var id = Guid.CreateVersion7();
        return version == 1
            ? new NewEvent(id, "account.opened", 1, Noon, Opened, Metadata(id))
            : new NewEvent(id, "account.deposited", 1, Noon, Deposited, Metadata(id));
    }

    /// <summary>Gives an account so many events.</summary>
    public static async Task Fill(IEventLog log, string account, int count)
    {
        for (var version = 0; version < count; version += Batch)
        {
            await Append(log, account, version, Math.Min(Batch, count - version));
        }
    }

    /// <summary>Gives so many accounts' streams events, a few at a time and in turn, until there are so many events.</summary>
    public static async Task Spread(IEventLog log, string prefix, int accounts, int count)
    {
        const int each = 10;
        for (var (written, version) = (0, 0); written < count; version += each)
        {
            var round = Math.Min(accounts, (count - written + each - 1) / each);
            var from = version;
            await Parallel.ForAsync(0, round, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (account, _) =>
                await Append(log, $"{prefix}-{account}", from, each));
            written += round * each;
        }
    }

    public static async Task Append(IEventLog log, string account, long version, int count)
    {
        NewEvent[] events = [.. Enumerable.Range(1, count).Select(n => At(version + n))];
        if (await log.Append(new AppendRequest(new StreamName("account", account), version, events)) is not AppendResult.Appended)
        {
            throw new InvalidOperationException("An append did not go through.");
        }
    }

    private static EventMetadata Metadata(Guid id) => new(CorrelationId: id.ToString("N"), CausationId: id.ToString("N"));
}
