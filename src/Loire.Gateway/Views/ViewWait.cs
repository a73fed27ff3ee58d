using Loire.EventLog.Views;
using Loire.Gateway.Problems;
using Loire.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Views;

/// <summary><c>?after=</c>: lets a reader see its own writes.</summary>
internal sealed class ViewWait(ViewReader reader, IHostApplicationLifetime lifetime, IOptions<GatewayOptions> options)
{
    /// <exception cref="ProblemException">The view did not reach the position in time, or the host stops.</exception>
    public async Task For(HttpContext http, ViewSchema view, long? after)
    {
        if (after is { } position and > 0 && !await Wait(http, view, position))
        {
            throw new ProblemException(KnownProblems.ViewBehind(view.Name, position));
        }
    }

    private async Task<bool> Wait(HttpContext http, ViewSchema view, long position)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            return await reader.WaitUntil(view, position, options.Value.ViewPatience).WaitAsync(given.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
