using System.Text.Json;
using Loire.Commands;
using Loire.Gateway.Answers;
using Loire.Gateway.Commands;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Sagas;
using Loire.Serialization;
using Microsoft.AspNetCore.Http;

namespace Loire.Gateway.Sagas;

/// <summary>What requests to sagas, and the answers to them, have in common.</summary>
internal static class SagaAnswer
{
    /// <summary>Who asks, and within what.</summary>
    /// <exception cref="ProblemException">A header is malformed.</exception>
    public static SagaCause CauseOf(HttpContext http, TimeProvider time)
    {
        var (headers, _) = CommandHeaderReader.Read(http, time.GetUtcNow());
        return new SagaCause(headers.CorrelationId, headers.CommandId.ToString(), headers.TraceParent, headers.UserId, headers.Tenant);
    }

    /// <exception cref="ProblemException">The body is not what is expected.</exception>
    public static async Task<T> Read<T>(HttpContext http, GatewayOptions options)
        where T : class
    {
        var body = await JsonBody.Read(http.Request, options.MaxBodyBytes);
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, LoireJson.Strict) ?? throw new JsonException("A JSON object is needed.");
        }
        catch (JsonException e)
        {
            throw new ProblemException(KnownProblems.InvalidPayload(PayloadDiagnosis.Explain(body, typeof(T), e)));
        }
    }

    public static Task Write(HttpContext http, string type, string id, SagaReply reply) => reply.Refusal is { } refusal
        ? Refused(id, refusal).ExecuteAsync(http)
        : JsonAnswer.Write(http, StatusCodes.Status200OK, (type, id, reply), static (writer, saga) =>
        {
            writer.WriteStartObject();
            writer.WriteString("sagaId", saga.id);
            writer.WriteString("sagaType", saga.type);
            writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(saga.reply.Status.ToString()));
            writer.WriteString("currentStep", saga.reply.CurrentStep);
            writer.WriteBoolean("applied", saga.reply.Applied);
            writer.WriteEndObject();
        });

    private static Problem Refused(string id, SagaRefusal refusal) => refusal.Code switch
    {
        "saga-not-found" => KnownProblems.SagaNotFound(id),
        "step-not-found" => KnownProblems.StepNotFound(refusal.Detail),
        "invalid-answer" => KnownProblems.InvalidPayload([new FieldError("data", refusal.Detail)]),
        "invalid-context" => KnownProblems.InvalidPayload([new FieldError("", refusal.Detail)]),
        _ => KnownProblems.SagaRefuses(refusal.Code, refusal.Detail),
    };
}
