using System.Text.Json;
using Loire.Commands;
using Loire.Gateway.Answers;
using Loire.Gateway.Commands;
using Loire.Gateway.Problems;
using Loire.Gateway.Requests;
using Loire.Queries;
using Loire.Sagas;
using Loire.Serialization;
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

        var (headers, _) = CommandHeaderReader.Read(http, time.GetUtcNow());
        var context = await JsonBody.Read(http.Request, options.Value.MaxBodyBytes);
        if (types.Check(type, context) is { Count: > 0 } errors)
        {
            await KnownProblems.InvalidPayload(errors).ExecuteAsync(http);
            return;
        }

        var cause = new SagaCause(headers.CorrelationId, headers.CommandId.ToString(), headers.TraceParent, headers.UserId, headers.Tenant);
        await Answer(http, type, id, await grains.GetGrain<ISagaGrain>(GrainId.Create(type, id)).Start(context, cause));
    }

    public static async Task Compensate(
        HttpContext http, ViewRegistry views, ViewReader reader, IGrainFactory grains, IOptions<GatewayOptions> options)
    {
        var id = http.Id();
        var parameters = new QueryParameters(http.Request);
        var type = parameters.Text("type");
        parameters.Finish();

        var request = Read(await JsonBody.Read(http.Request, options.Value.MaxBodyBytes));
        var found = await SagaReading.Find(http, SagaReading.SagasOf(views), reader, type, id);
        var saga = JsonSerializer.Deserialize<SagaView>(found.Json.Span, LoireJson.Stored)!;
        var grain = grains.GetGrain<ISagaGrain>(GrainId.Create(saga.SagaType, saga.SagaId));
        await Answer(http, saga.SagaType, id, await grain.Compensate(request.Reason ?? "Compensation was asked for."));
    }

    private static CompensateRequest Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<CompensateRequest>(body.Span, LoireJson.Strict)
                ?? throw new JsonException("A JSON object is needed.");
        }
        catch (JsonException e)
        {
            throw new ProblemException(KnownProblems.InvalidPayload([new FieldError("", e.Message)]));
        }
    }

    private static Task Answer(HttpContext http, string type, string id, SagaReply reply) =>
        JsonAnswer.Write(http, StatusCodes.Status200OK, (type, id, reply), static (writer, saga) =>
        {
            writer.WriteStartObject();
            writer.WriteString("sagaId", saga.id);
            writer.WriteString("sagaType", saga.type);
            writer.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(saga.reply.Status.ToString()));
            writer.WriteString("currentStep", saga.reply.CurrentStep);
            writer.WriteEndObject();
        });

    private sealed record CompensateRequest(string? Reason = null);
}
