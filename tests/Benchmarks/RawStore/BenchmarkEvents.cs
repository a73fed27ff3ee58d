using System.Globalization;
using Loire.EventLog;

namespace Loire.Benchmarks.RawStore;

/// <summary>The events that every measurement writes, about 150 bytes of JSON each.</summary>
public static class BenchmarkEvents
{
    /// <summary>How many streams "many streams" are.</summary>
    public const int Streams = 1024;

    private static readonly ReadOnlyMemory<byte> Data =
        """{"orderId":"o-1234567","customerId":"c-7654321","lines":[{"sku":"chair-red","quantity":2,"price":49.90}],"total":99.80,"currency":"EUR"}"""u8
            .ToArray();

    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewEvent Next()
    {
        var id = Guid.CreateVersion7();
        return new NewEvent(
            id, "order-placed", 1, At, Data,
            new EventMetadata(UserId: "u-1", CorrelationId: id.ToString("N", CultureInfo.InvariantCulture)));
    }

    /// <summary>The n-th stream's id, the same for every n that is equal modulo <see cref="Streams"/>.</summary>
    public static string StreamId(long n) => $"o-{n % Streams:D7}";
}
