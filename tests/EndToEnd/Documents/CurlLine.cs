using System.Text;
using System.Text.RegularExpressions;

namespace EndToEnd.Documents;

/// <summary>A curl command as people copy it from a text; understands the options that our texts use, and no others.</summary>
internal sealed partial record CurlLine(string Method, string Url, string? Body, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>All curl commands in a text; a backslash at the end of a line continues it.</summary>
    public static IReadOnlyList<CurlLine> In(string text) =>
        [.. text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("curl ", StringComparison.Ordinal)).Select(Parse)];

    public HttpRequestMessage ToRequest(Uri silo)
    {
        var given = new Uri(Url.Contains("://", StringComparison.Ordinal) ? Url : $"http://{Url}");
        var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(silo, given.PathAndQuery));
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        }

        foreach (var (name, value) in Headers)
        {
            (request.Headers.TryAddWithoutValidation(name, value) || request.Content!.Headers.TryAddWithoutValidation(name, value)).ShouldBeTrue();
        }

        return request;
    }

    private static CurlLine Parse(string line)
    {
        var (method, url, body) = ("", "", (string?)null);
        var headers = new List<(string, string)>();
        var words = new Queue<string>(Words().Matches(line).Select(m => m.Value.StartsWith('\'') ? m.Value[1..^1] : m.Value).Skip(1));
        while (words.TryDequeue(out var word))
        {
            switch (word)
            {
                case "-s" or "-i":
                    break;
                case "-X":
                    method = words.Dequeue();
                    break;
                case "-d":
                    body = words.Dequeue();
                    break;
                case "-H":
                    var header = words.Dequeue().Split(": ", 2);
                    headers.Add((header[0], header[1]));
                    break;
                default:
                    word.ShouldNotStartWith("-");
                    url = word;
                    break;
            }
        }

        return new CurlLine(method.Length > 0 ? method : body is null ? "GET" : "POST", url, body, headers);
    }

    [GeneratedRegex(@"'[^']*'|\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();
}
