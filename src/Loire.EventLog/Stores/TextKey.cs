namespace Loire.EventLog;

/// <summary>A text as views compare and sort it: so that indexes and cursors stay small, its first 400 characters count.</summary>
internal static class TextKey
{
    /// <summary>In code points.</summary>
    public const int Length = 400;

    public static string Of(string text) =>
        text.Length <= Length ? text : string.Concat(text.EnumerateRunes().Take(Length));
}
