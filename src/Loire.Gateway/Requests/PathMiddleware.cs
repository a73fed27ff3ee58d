using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Loire.Gateway.Requests;

/// <summary>
/// Gives routing the path as it was sent. The server decodes all of it but <c>%2F</c>, so that an id of <c>a%2Fb</c> and one
/// of <c>a/b</c> would look the same, and an id of <c>..</c> would go up a level.
/// </summary>
internal sealed class PathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target is not null && EncodedPath.Of(target) is { } path)
        {
            http.Request.Path = new PathString(path);
        }

        return next(http);
    }
}
