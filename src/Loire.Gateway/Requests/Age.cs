using System.Globalization;
using System.Text.RegularExpressions;

namespace Loire.Gateway.Requests;

/// <summary>An age: <c>30d</c>, <c>12h</c>, <c>15m</c> or <c>90s</c>, or the instant since which something has it.</summary>
internal static partial class Age
{
    /// <returns>The instant before which everything is older; <see langword="null"/> if nothing is said.</returns>
    public static DateTimeOffset? Before(QueryParameters parameters, string name, DateTimeOffset now)
    {
        if (parameters.Text(name) is not { } text)
        {
            return null;
        }

        var instant = Rfc3339.Parse(text) ?? (Parse(text) is { } age && age < now - DateTimeOffset.MinValue ? now - age : null);
        parameters.Check(instant is not null, name, "An age (30d, 12h, 15m, 90s) or a time as in RFC 3339 is needed.");
        return instant;
    }

    private static TimeSpan? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "d" => TimeSpan.FromDays(number),
            "h" => TimeSpan.FromHours(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    [GeneratedRegex("^(?<number>[0-9]{1,6})(?<unit>[dhms])$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
