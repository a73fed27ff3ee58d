using System.Text;

namespace Loire.EventLog.ContractTests;

/// <summary>Events and requests for tests.</summary>
internal static class Sample
{
    /// <summary>The shape of <see cref="Snapshot"/>.</summary>
    public const string Shape = "order-1";

    public static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static StreamName Order(string id) => new("order", id);

    public static NewEvent Event(
        string type = "order-placed", string data = """{"total":12.5}""", DateTimeOffset? at = null, EventMetadata? metadata = null) =>
        new(Guid.CreateVersion7(), type, 1, at ?? Noon, Encoding.UTF8.GetBytes(data), metadata ?? EventMetadata.None);

    public static NewEvent[] Events(int count) => [.. Enumerable.Range(1, count).Select(n => Event(data: $$"""{"n":{{n}}}"""))];

    public static IdempotencyKey Key(string value, byte fingerprint = 1, DateTimeOffset? expires = null) =>
        new(value, new[] { fingerprint, fingerprint }, expires);

    /// <summary>A snapshot at a version that an append wrote.</summary>
    public static Snapshot Snapshot(Receipt at, long version, string shape = Shape, string? state = null) => new(
        at.Stream,
        version,
        at.Events.Single(e => e.Version == version).EventId,
        shape,
        Encoding.UTF8.GetBytes(state ?? $$"""{"upTo":{{version}}}"""));

    public static Task<AppendResult> Append(this IEventLog log, string id, long expected, params NewEvent[] events) =>
        log.Append(new AppendRequest(Order(id), expected, events));

    /// <summary>Appends, and insists that it was new.</summary>
    public static async Task<Receipt> MustAppend(this IEventLog log, string id, long expected, params NewEvent[] events)
    {
        var appended = (await log.Append(id, expected, events)).ShouldBeOfType<AppendResult.Appended>();
        appended.Replayed.ShouldBeFalse();
        return appended.Receipt;
    }

    /// <summary>Compares the events, too.</summary>
    public static void ShouldMatch(this Receipt receipt, Receipt expected)
    {
        receipt.Events.ShouldBe(expected.Events);
        receipt.ShouldBe(expected with { Events = receipt.Events });
    }

    public static async Task<IReadOnlyList<RecordedEvent>> Everything(this IEventLog log) =>
        (await log.ReadAll(0, LogFilter.All, int.MaxValue)).Events;
}
