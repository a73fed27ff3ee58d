using System.Text;
using Loire.Gateway.Problems;

namespace Loire.Gateway.Requests;

/// <summary>Percent-encoding in paths, read strictly.</summary>
internal static class EncodedPath
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The path of a request target with every segment encoded the same way, whatever way the client chose;
    /// <see langword="null"/> when nothing in it is encoded, and the server's own reading is exact.
    /// </summary>
    /// <exception cref="ProblemException">The encoding is broken.</exception>
    public static string? Of(string target)
    {
        var path = PathOf(target);
        if (!path.Contains('%'))
        {
            return null;
        }

        var segments = new List<string>();
        foreach (var segment in path.ToString().Split('/'))
        {
            switch (segment)
            {
                case ".":
                    break;
                case "..":
                    segments.RemoveRange(Math.Max(1, segments.Count - 1), segments.Count > 1 ? 1 : 0);
                    break;
                default:
                    segments.Add(Uri.EscapeDataString(Decode(segment)));
                    break;
            }
        }

        return string.Join('/', segments);
    }

    /// <exception cref="ProblemException">It is not percent-encoded UTF-8.</exception>
    public static string Decode(string segment)
    {
        if (!segment.Contains('%', StringComparison.Ordinal))
        {
            return segment;
        }

        var bytes = Encoding.UTF8.GetBytes(segment);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++, length++)
        {
            bytes[length] = bytes[i];
            if (bytes[i] == '%')
            {
                bytes[length] = i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2])
                    ? (byte)((HexOf(bytes[i + 1]) << 4) | HexOf(bytes[i + 2]))
                    : throw Broken(segment);
                i += 2;
            }
        }

        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Broken(segment);
        }
    }

    private static int HexOf(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static ProblemException Broken(string segment) =>
        new($"The path segment '{segment}' is not percent-encoded UTF-8.");

    /// <summary>Leaves out the query and, in a request as proxies get it, scheme and authority.</summary>
    private static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        var scheme = path.IndexOf("://");
        if (path.StartsWith('/') || scheme < 0)
        {
            return path;
        }

        var start = path[(scheme + 3)..].IndexOf('/');
        return start < 0 ? "/" : path[(scheme + 3 + start)..];
    }
}
