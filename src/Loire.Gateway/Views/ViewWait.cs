using Loire.EventLog.Views;
using Loire.Gateway.Problems;
using Loire.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Views;

/// <summary><c>?after=</c>: lets a reader see its own writes.</summary>
internal sealed class ViewWait(ViewReader reader, IOptions<GatewayOptions> options)
{
    /// <exception cref="InvalidRequestException">The view did not reach the position in time.</exception>
    public async Task For(HttpContext http, ViewSchema view, long? after)
    {
        if (after is { } position and > 0
            && !await reader.WaitUntil(view, position, options.Value.ViewPatience).WaitAsync(http.RequestAborted))
        {
            throw new InvalidRequestException(KnownProblems.ViewBehind(view.Name, position));
        }
    }
}
