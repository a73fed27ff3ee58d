using System.Globalization;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>How keys are written: GUIDs as 32 digits, integers in hexadecimal, a key extension after a plus sign.</summary>
internal static class GrainKeys
{
    public static IdSpan Create(Guid key, string? extension = null) =>
        IdSpan.Create(Extend(key.ToString("N", CultureInfo.InvariantCulture), extension));

    public static IdSpan Create(long key, string? extension = null) =>
        IdSpan.Create(Extend(key.ToString("X", CultureInfo.InvariantCulture), extension));

    public static bool TryReadGuid(IdSpan key, out Guid value, out string? extension) =>
        Guid.TryParseExact(Split(key, out extension), "N", out value);

    public static bool TryReadLong(IdSpan key, out long value, out string? extension) =>
        long.TryParse(Split(key, out extension), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static string Extend(string key, string? extension) => extension is null ? key : $"{key}+{extension}";

    private static string Split(IdSpan key, out string? extension)
    {
        var text = key.ToString();
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        extension = plus < 0 ? null : text[(plus + 1)..];
        return plus < 0 ? text : text[..plus];
    }
}
