using System.Text;

namespace Loire.EventLog.PostgreSql;

/// <summary>
/// Text as PostgreSQL keeps it, which has no U+0000: that is written as U+001A '0', and U+001A as U+001A '1'.
/// </summary>
internal static class StoredText
{
    private const char Mark = '\u001a';

    public static string From(string text) =>
        text.AsSpan().IndexOfAny('\0', Mark) < 0 ? text : text.Replace("\u001a", "\u001a1").Replace("\0", "\u001a0");

    public static string? FromNullable(string? text) => text is null ? null : From(text);

    public static string From(ReadOnlySpan<byte> utf8) => From(StrictUtf8.Encoding.GetString(utf8));

    public static string To(string stored) =>
        stored.Contains(Mark) ? stored.Replace("\u001a0", "\0").Replace("\u001a1", "\u001a") : stored;

    public static byte[] ToUtf8(byte[] stored) =>
        stored.AsSpan().Contains((byte)Mark) ? Encoding.UTF8.GetBytes(To(Encoding.UTF8.GetString(stored))) : stored;
}
