using System.Text.Json;
using Loire.Commands;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Loire.Gateway.Sagas;

/// <summary>Answers to steps that wait for them, and what people do with steps that do not get on.</summary>
internal static class SagaSteps
{
    private const int MaxText = 1000;

    public static async Task Completed(HttpContext http, SagaFinder finder, TimeProvider time, IOptions<GatewayOptions> options)
    {
        var saga = await finder.Find(http);
        var by = SagaAnswer.CauseOf(http, time);
        var answer = await SagaAnswer.Read<CompletedRequest>(http, options.Value);
        var data = answer.Data is { ValueKind: not JsonValueKind.Null } given ? JsonSerializer.SerializeToUtf8Bytes(given) : [];
        await SagaAnswer.Write(http, saga.Type, saga.Id, await saga.Grain.CompleteStep(http.Name("step"), data, answer.Run, by));
    }

    public static async Task Failed(HttpContext http, SagaFinder finder, TimeProvider time, IOptions<GatewayOptions> options)
    {
        var saga = await finder.Find(http);
        var by = SagaAnswer.CauseOf(http, time);
        var answer = await SagaAnswer.Read<FailedRequest>(http, options.Value);
        Check("code", answer.Code);
        await SagaAnswer.Write(
            http, saga.Type, saga.Id, await saga.Grain.FailStep(http.Name("step"), answer.Code, answer.Reason ?? answer.Code, answer.Run, by));
    }

    public static async Task Retry(HttpContext http, SagaFinder finder, TimeProvider time)
    {
        var saga = await finder.Find(http);
        await SagaAnswer.Write(http, saga.Type, saga.Id, await saga.Grain.RetryStep(http.Name("step"), SagaAnswer.CauseOf(http, time)));
    }

    public static async Task Skip(HttpContext http, SagaFinder finder, TimeProvider time, IOptions<GatewayOptions> options)
    {
        var saga = await finder.Find(http);
        var by = SagaAnswer.CauseOf(http, time);
        var request = await SagaAnswer.Read<SkipRequest>(http, options.Value);
        Check("reason", request.Reason);
        await SagaAnswer.Write(http, saga.Type, saga.Id, await saga.Grain.SkipStep(http.Name("step"), request.Reason, by));
    }

    private static void Check(string field, string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText)
        {
            throw new ProblemException(KnownProblems.InvalidPayload([new FieldError(field, $"Text of 1 to {MaxText} characters is needed.")]));
        }
    }

    private sealed record CompletedRequest(JsonElement? Data = null, int? Run = null);

    private sealed record FailedRequest(string Code, string? Reason = null, int? Run = null);

    private sealed record SkipRequest(string Reason);
}
