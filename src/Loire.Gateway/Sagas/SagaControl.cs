using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Sagas;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Sagas;

/// <summary>Starts a saga, or has it undone. Both answer when that is on disk; what follows goes on by itself.</summary>
internal static class SagaControl
{
    public static async Task Start(
        HttpContext http, SagaTypes types, IGrainFactory grains, TimeProvider time, IOptions<GatewayOptions> options)
    {
        var (type, id) = (http.Name("type"), http.Id());
        if (!types.Contains(type))
        {
            await KnownProblems.UnknownSagaType(type, types.Names).ExecuteAsync(http);
            return;
        }

        var cause = SagaAnswer.CauseOf(http, time);
        var context = await JsonBody.Read(http.Request, options.Value.MaxBodyBytes);
        if (types.Check(type, context) is { Count: > 0 } errors)
        {
            await KnownProblems.InvalidPayload(errors).ExecuteAsync(http);
            return;
        }

        await SagaAnswer.Write(http, type, id, await grains.GetGrain<ISagaGrain>(GrainId.Create(type, id)).Start(context, cause));
    }

    public static async Task Compensate(HttpContext http, SagaFinder finder, TimeProvider time, IOptions<GatewayOptions> options)
    {
        var saga = await finder.Find(http);
        var by = SagaAnswer.CauseOf(http, time);
        var request = await SagaAnswer.Read<CompensateRequest>(http, options.Value);
        await SagaAnswer.Write(
            http, saga.Type, saga.Id, await saga.Grain.Compensate(request.Reason ?? "Compensation was asked for.", by));
    }

    private sealed record CompensateRequest(string? Reason = null);
}
