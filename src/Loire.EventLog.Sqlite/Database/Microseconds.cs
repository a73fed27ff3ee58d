namespace Loire.EventLog.Sqlite;

/// <summary>Instants as the store keeps them: microseconds since 1970, UTC.</summary>
internal static class Microseconds
{
    private static readonly long Epoch = DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The instant, rounded down.</summary>
    public static long From(DateTimeOffset instant) => (instant.UtcTicks / TimeSpan.TicksPerMicrosecond) - Epoch;

    /// <summary>The first whole microsecond that is not before the instant.</summary>
    public static long NotBefore(DateTimeOffset instant) =>
        From(instant) + (instant.UtcTicks % TimeSpan.TicksPerMicrosecond == 0 ? 0 : 1);

    public static DateTimeOffset ToInstant(long microseconds) =>
        new((microseconds + Epoch) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
