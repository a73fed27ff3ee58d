using Loire.EventLog;
using Loire.Gateway.Problems;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Requests;

/// <summary>Reads what stands in the path.</summary>
internal static class RouteText
{
    /// <summary>A name, decoded: of an aggregate type, a command, a view.</summary>
    public static string Name(this HttpContext http, string key) => EncodedPath.Decode((string)http.Request.RouteValues[key]!);

    /// <summary>An id, decoded.</summary>
    /// <exception cref="ProblemException">It is no id.</exception>
    public static string Id(this HttpContext http)
    {
        var id = http.Name("id");
        return StreamName.IsValidId(id)
            ? id
            : throw new ProblemException($"An id has 1 to {StreamName.MaxIdLength} characters and no control characters.");
    }
}
