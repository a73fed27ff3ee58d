using System.Buffers;
using Loire.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Loire.Gateway.Requests;

/// <summary>Reads a JSON body as bytes.</summary>
internal static class JsonBody
{
    /// <summary>So much beyond the limit is still read and thrown away, so that the client has sent all and listens when the answer comes.</summary>
    private const long Courtesy = 8 << 20;

    private static readonly ReadOnlyMemory<byte> NoMembers = "{}"u8.ToArray();

    /// <summary>The body; <c>{}</c> when there is none.</summary>
    /// <exception cref="ProblemException">It is not labelled as JSON, or too large.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> Read(HttpRequest request, int limit)
    {
        if (request.ContentLength == 0)
        {
            return NoMembers;
        }

        if (request.ContentLength > limit + Courtesy)
        {
            throw new ProblemException(KnownProblems.TooLarge(limit));
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = limit + Courtesy + 1;
        }

        var body = await ReadAll(request, limit);
        if (body.Length > 0 && !IsJson(request))
        {
            throw new ProblemException(KnownProblems.NotJson(request.ContentType));
        }

        return body.Length > 0 ? body : NoMembers;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAll(HttpRequest request, int limit)
    {
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 1024, 1, limit));
        for (var total = 0L; ;)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            total += read.Buffer.Length;
            if (total <= limit)
            {
                foreach (var part in read.Buffer)
                {
                    body.Write(part.Span);
                }
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if ((read.IsCompleted && total > limit) || total > limit + Courtesy)
            {
                throw new ProblemException(KnownProblems.TooLarge(limit));
            }

            if (read.IsCompleted)
            {
                return body.WrittenMemory;
            }
        }
    }

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            return false;
        }

        return string.Equals(request.ContentType, "application/json", StringComparison.OrdinalIgnoreCase)
            || (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
                && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                && (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
                    || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
                && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                    || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)));
    }
}
