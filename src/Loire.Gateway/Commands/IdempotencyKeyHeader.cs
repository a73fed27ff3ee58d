using System.Text;
using Loire.Gateway.Problems;
using Microsoft.Extensions.Primitives;

namespace Loire.Gateway.Commands;

/// <summary>
/// The header <c>Idempotency-Key</c>: a string as in RFC 8941, section 3.3.3 (draft-ietf-httpapi-idempotency-key-header), or a
/// bare token.
/// </summary>
internal static class IdempotencyKeyHeader
{
    public const string Name = "Idempotency-Key";
    private const int MaxLength = 255;

    /// <returns>The key, or <see langword="null"/> when none is given.</returns>
    /// <exception cref="ProblemException">It is no key.</exception>
    public static string? Parse(StringValues header)
    {
        if (header.Count == 0)
        {
            return null;
        }

        var text = header.Count == 1 ? header[0]!.Trim() : "";
        var key = text.StartsWith('"') ? Unquote(text) : Bare(text);
        return key is { Length: >= 1 and <= MaxLength }
            ? key
            : throw new ProblemException(
                $"{Name} is one string in quotes, or a token without spaces, of 1 to {MaxLength} printable ASCII characters.");
    }

    private static string? Bare(string text) => text.All(c => c is > ' ' and < '\x7F' and not ('"' or ',')) ? text : null;

    private static string? Unquote(string text)
    {
        if (text.Length < 2 || !text.EndsWith('"'))
        {
            return null;
        }

        var key = new StringBuilder(text.Length);
        var inner = text.AsSpan(1, text.Length - 2);
        for (var i = 0; i < inner.Length; i++)
        {
            var escaped = inner[i] == '\\';
            i += escaped ? 1 : 0;
            if (i == inner.Length || inner[i] is < ' ' or >= '\x7F' || escaped != inner[i] is '"' or '\\')
            {
                return null;
            }

            key.Append(inner[i]);
        }

        return key.ToString();
    }
}
