using Loire.EventLog;
using Loire.EventLog.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Loire.Gateway.Problems;

/// <summary>Sees that whoever asked gets a problem document, whatever went wrong, and that what is our fault is logged.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (IsBare(http.Response))
            {
                await KnownProblems.OfStatus(http.Response.StatusCode).ExecuteAsync(http);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: nobody is left to answer, and nothing has failed.
            http.Response.StatusCode = http.Response.HasStarted ? http.Response.StatusCode : StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Explain(http, e).ExecuteAsync(http);
        }
    }

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and not StatusCodes.Status499ClientClosedRequest, ContentLength: null, ContentType: null };

    private Problem Explain(HttpContext http, Exception e)
    {
        switch (e)
        {
            case ProblemException invalid:
                return invalid.Problem;
            case InvalidCursorException cursor:
                return KnownProblems.InvalidRequest(cursor.Message, new Loire.Commands.FieldError("cursor", cursor.Message));
            case BadHttpRequestException bad:
                return KnownProblems.OfStatus(bad.StatusCode, bad.Message);
            case StoreUnavailableException store:
                LogUnavailable(http.Request.Method, http.Request.Path, store.Message);
                return KnownProblems.StoreUnavailable("The store cannot do its work now.", store.RetryAfter);
            case TimeoutException or SiloUnavailableException or OrleansMessageRejectionException:
                LogUnavailable(http.Request.Method, http.Request.Path, e.Message);
                return KnownProblems.StoreUnavailable("No answer came in time.", KnownProblems.Soon);
            default:
                LogFailure(e, http.Request.Method, http.Request.Path, Problem.TraceIdOf(http));
                return KnownProblems.Internal();
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed (trace {TraceId})")]
    private partial void LogFailure(Exception e, string method, string path, string traceId);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} could not be answered: {Reason}")]
    private partial void LogUnavailable(string method, string path, string reason);
}
