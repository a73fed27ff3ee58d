using System.Globalization;
using Loire.Gateway.Problems;
using Microsoft.Extensions.Primitives;

namespace Loire.Gateway.Commands;

/// <summary>The header <c>If-Match</c>: the version that the aggregate must have, as a strong entity tag.</summary>
/// <param name="Version">The version, or <see langword="null"/> when it does not matter.</param>
/// <param name="MustExist">Any version, but not none: <c>*</c>.</param>
internal readonly record struct IfMatch(long? Version, bool MustExist)
{
    /// <exception cref="ProblemException">It is anything else.</exception>
    public static IfMatch Parse(StringValues header) => header switch
    {
        [] => default,
        ["*"] => new IfMatch(Version: null, MustExist: true),
        [['"', .. var digits, '"']] when long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) =>
            new IfMatch(version, MustExist: false),
        _ => throw new ProblemException("If-Match is one version in quotes, as ETag gave it: \"3\"; \"0\" for none yet; or *."),
    };
}
