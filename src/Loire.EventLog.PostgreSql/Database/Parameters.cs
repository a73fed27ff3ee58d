using Npgsql;
using NpgsqlTypes;

namespace Loire.EventLog.PostgreSql;

/// <summary>Makes the parameters <c>$1</c>, <c>$2</c>…</summary>
internal static class Parameters
{
    public static void Bind(this NpgsqlParameterCollection into, NpgsqlParameter[] parameters) => into.AddRange(parameters);

    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>Text as it is stored.</summary>
    public static NpgsqlParameter OfText(string text) => Of(StoredText.From(text));

    public static NpgsqlParameter OfTexts(IEnumerable<string> texts) => Of(texts.Select(StoredText.From).ToArray());

    /// <summary>Instants, some of which may be missing. Their type is said, as it cannot be told from one that is missing.</summary>
    public static NpgsqlParameter OfInstants(DateTime?[] instants) => new NpgsqlParameter<DateTime?[]>
    {
        TypedValue = instants,
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
    };

    /// <summary>An instant, rounded up to the microsecond.</summary>
    public static DateTime RoundedUp(DateTimeOffset instant)
    {
        var rest = instant.UtcTicks % TimeSpan.TicksPerMicrosecond;
        var missing = rest == 0 ? 0 : TimeSpan.TicksPerMicrosecond - rest;
        return new DateTime(Math.Min(instant.UtcTicks + missing, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
    }

    /// <summary>An instant, rounded down to the microsecond.</summary>
    public static DateTime Instant(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
}
