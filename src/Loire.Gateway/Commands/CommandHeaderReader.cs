using System.Diagnostics;
using System.Text;
using Loire.Commands;
using Loire.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Loire.Gateway.Commands;

/// <summary>Reads what goes with a command from the headers of its request.</summary>
internal static class CommandHeaderReader
{
    public const string CorrelationId = "X-Correlation-Id";
    private const string UserId = "X-User-Id";
    private const int MaxLength = 200;

    /// <summary>Reads the headers, and answers with the correlation id.</summary>
    /// <returns>The headers, and whether the aggregate must exist already (<c>If-Match: *</c>).</returns>
    /// <exception cref="ProblemException">One of them is malformed.</exception>
    public static (CommandHeaders Headers, bool MustExist) Read(HttpContext http, DateTimeOffset now)
    {
        var headers = http.Request.Headers;
        var condition = IfMatch.Parse(headers.IfMatch);
        var id = Guid.CreateVersion7(now);
        var correlation = AsciiText(headers[CorrelationId], CorrelationId) ?? id.ToString();
        http.Response.Headers[CorrelationId] = correlation;
        var read = new CommandHeaders
        {
            CommandId = id,
            IssuedAt = now,
            IdempotencyKey = IdempotencyKeyHeader.Parse(headers[IdempotencyKeyHeader.Name]),
            ExpectedVersion = condition.Version,
            CorrelationId = correlation,
            UserId = Text(headers[UserId], UserId),
            TraceParent = TraceParent(headers.TraceParent),
        };
        return (read, condition.MustExist);
    }

    /// <summary>The caller's trace context as it came, or else our own.</summary>
    private static string? TraceParent(StringValues header) =>
        header is [{ } given] && ActivityContext.TryParse(given, traceState: null, out _)
            ? given
            : Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    private static string? Text(StringValues header, string name) => header switch
    {
        [] => null,
        [{ Length: >= 1 and <= MaxLength } text] when !text.Any(char.IsControl) => text,
        _ => throw new ProblemException($"{name} is one text of 1 to {MaxLength} characters."),
    };

    // It goes back in a header of the answer, which takes nothing but ASCII.
    private static string? AsciiText(StringValues header, string name) => Text(header, name) is not { } text || Ascii.IsValid(text)
        ? header
        : throw new ProblemException($"{name} is one text of 1 to {MaxLength} printable ASCII characters.");
}
