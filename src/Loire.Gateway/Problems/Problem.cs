using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Loire.Commands;
using Loire.Gateway.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Loire.Gateway.Problems;

/// <summary>A problem document (RFC 9457).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Name">Stable and kebab-case: <c>type</c> is <c>urn:loire:problem:&lt;name&gt;</c>.</param>
/// <param name="Title">The same for every problem of this name.</param>
/// <param name="Detail">What happened this time.</param>
internal sealed record Problem(int Status, string Name, string Title, string? Detail = null) : IResult
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members.</summary>
    public Action<Utf8JsonWriter>? Extensions { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } delay)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds));
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        httpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return JsonAnswer.Write(httpContext, Status, "application/problem+json", (this, TraceIdOf(httpContext)), static (writer, problem) =>
            problem.Item1.Write(writer, problem.Item2));
    }

    /// <summary>The id under which logs and traces know the request.</summary>
    public static string TraceIdOf(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    private void Write(Utf8JsonWriter writer, string traceId)
    {
        writer.WriteStartObject();
        writer.WriteString("type", $"urn:loire:problem:{Name}");
        writer.WriteString("title", Title);
        writer.WriteNumber("status", Status);
        if (Detail is not null)
        {
            writer.WriteString("detail", Detail);
        }

        writer.WriteString("traceId", traceId);
        WriteErrors(writer);
        Extensions?.Invoke(writer);
        writer.WriteEndObject();
    }

    private void WriteErrors(Utf8JsonWriter writer)
    {
        if (Errors.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("errors");
        foreach (var field in Errors.GroupBy(e => e.Field))
        {
            // The payload as a whole has the name that JSONPath gives it.
            writer.WriteStartArray(field.Key.Length == 0 ? "$" : field.Key);
            foreach (var error in field)
            {
                writer.WriteStringValue(error.Message);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
