using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Loire.EventLog;

/// <summary>
/// What a character becomes in a search: without capitals, accents and compatibility forms. From a table of our own, because
/// what the runtime knows depends on the host's settings, and words that are stored must mean the same on every host.
/// </summary>
internal static class Folding
{
    // Hangul syllables, as the Unicode Standard composes them (section 3.12).
    private const int FirstSyllable = 0xac00;
    private const int Syllables = 11_172;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly FrozenDictionary<int, string> Table = Read();

    /// <summary>Appends what a character becomes; marks become nothing.</summary>
    public static void AppendFolded(this StringBuilder text, Rune rune)
    {
        if (rune.IsAscii)
        {
            text.Append(char.ToLowerInvariant((char)rune.Value));
        }
        else if (Table.TryGetValue(rune.Value, out var folded))
        {
            text.Append(folded);
        }
        else if (rune.Value - FirstSyllable is >= 0 and < Syllables and var syllable)
        {
            text.Append((char)(0x1100 + (syllable / (Vowels * Trails))));
            text.Append((char)(0x1161 + (syllable / Trails % Vowels)));
            if (syllable % Trails is > 0 and var trail)
            {
                text.Append((char)(0x11a7 + trail));
            }
        }
        else if (Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark))
        {
            text.Append(rune.ToString());
        }
    }

    private static FrozenDictionary<int, string> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("folding")
            ?? throw new InvalidOperationException("The table of foldings is missing.");
        using var reader = new StreamReader(stream);
        Dictionary<int, string> table = [];
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                Add(table, line);
            }
        }

        return table.ToFrozenDictionary();
    }

    // "c0 61" or, with a target that goes up with the source, "ff21-ff3a 61".
    private static void Add(Dictionary<int, string> table, string line)
    {
        var parts = line.Split(' ');
        var range = parts[0].Split('-');
        var (first, last) = (Code(range[0]), Code(range[^1]));
        var prefix = string.Concat(parts[1..^1].Select(code => char.ConvertFromUtf32(Code(code))));
        for (var code = first; code <= last; code++)
        {
            table.Add(code, prefix + char.ConvertFromUtf32(Code(parts[^1]) + code - first));
        }
    }

    private static int Code(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
