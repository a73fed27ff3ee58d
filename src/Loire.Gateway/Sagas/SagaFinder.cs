using Loire.EventLog;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Sagas;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Sagas;

/// <summary>
/// Finds the saga that a request is for. It asks the log rather than the view: an answer may come before the view knows that
/// the saga has begun.
/// </summary>
internal sealed class SagaFinder(SagaTypes types, IEventLog log, IGrainFactory grains)
{
    /// <summary>The one saga that has the id in the path; of the type in the query string, if there is one.</summary>
    /// <exception cref="ProblemException">There is none, or there are several of different types.</exception>
    public async Task<SagaFound> Find(HttpContext http)
    {
        var id = http.Id();
        var parameters = new QueryParameters(http.Request);
        var type = parameters.Text("type");
        parameters.Finish();

        var exist = await Task.WhenAll((type is null ? types.Names : types.Names.Where(t => t == type)).Select(async t =>
            (Type: t, Exists: (await log.ReadStream(new StreamName(t, id), 1, 1, ReadDirection.Forwards, http.RequestAborted)).Version > 0)));
        return exist.Where(e => e.Exists).ToArray() switch
        {
            [var one] => new SagaFound(one.Type, id, grains.GetGrain<ISagaGrain>(GrainId.Create(one.Type, id))),
            [] => throw new ProblemException(KnownProblems.SagaNotFound(id)),
            _ => throw new ProblemException("Sagas of several types have this id: say which with ?type=."),
        };
    }
}

/// <summary>A saga that a request is for.</summary>
internal sealed record SagaFound(string Type, string Id, ISagaGrain Grain);
