using System.Text;

namespace Loire.EventLog;

/// <summary>
/// Splits text into the words that searches go by: runs of letters and digits, folded. Han characters and kana stand alone,
/// since they are written without spaces.
/// </summary>
internal static class SearchWords
{
    /// <summary>Stands for the rules here: raise it when they change, so that stores make the words of what they hold anew.</summary>
    public const int Rules = 1;

    /// <summary>A word counts with its first so many characters.</summary>
    private const int MaxLength = 100;

    /// <summary>The different words of a text, in the order in which they first come.</summary>
    public static List<string> Of(string? text)
    {
        List<string> words = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var word in All(text))
        {
            if (seen.Add(word))
            {
                words.Add(word);
            }
        }

        return words;
    }

    private static IEnumerable<string> All(string? text)
    {
        var word = new StringBuilder();
        var length = 0;
        foreach (var rune in Fold(text).EnumerateRunes())
        {
            var isPart = Rune.IsLetter(rune) || Rune.IsNumber(rune);
            var isAlone = isPart && StandsAlone(rune.Value);
            if (length > 0 && (!isPart || isAlone))
            {
                yield return word.ToString();
                word.Clear();
                length = 0;
            }

            if (isAlone)
            {
                yield return rune.ToString();
            }
            else if (isPart && ++length <= MaxLength)
            {
                word.Append(rune.ToString());
            }
        }

        if (length > 0)
        {
            yield return word.ToString();
        }
    }

    private static string Fold(string? text)
    {
        var folded = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            folded.AppendFolded(rune);
        }

        return folded.ToString();
    }

    private static bool StandsAlone(int code) => code is (>= 0x3040 and <= 0x30ff) or (>= 0x3400 and <= 0x9fff) or (>= 0x20000 and <= 0x3ffff);
}
