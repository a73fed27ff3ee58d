using System.Globalization;
using System.Text.RegularExpressions;

namespace Loire.Gateway.Requests;

/// <summary>Times as in RFC 3339, section 5.6.</summary>
internal static partial class Rfc3339
{
    private const int TicksDigits = 7;

    /// <returns>The instant, or <see langword="null"/> for anything else. Digits beyond 100 ns are cut off.</returns>
    public static DateTimeOffset? Parse(string text)
    {
        // A plus sign that was not encoded comes out of a query string as a space.
        var match = Form().Match(text.Replace(' ', '+'));
        if (!match.Success)
        {
            return null;
        }

        var fraction = match.Groups["fraction"].Value;
        var plain = match.Groups["time"].Value.ToUpperInvariant()
            + (fraction.Length == 0 ? "" : $".{fraction[..Math.Min(fraction.Length, TicksDigits)]}")
            + match.Groups["offset"].Value.ToUpperInvariant();
        return DateTimeOffset.TryParse(plain, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    [GeneratedRegex(
        @"^(?<time>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.(?<fraction>\d+))?(?<offset>[Zz]|[+-]\d\d:\d\d)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
