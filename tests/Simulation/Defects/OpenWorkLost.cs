using System.Text.Json;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Serialization;

namespace Loire.Simulation.Defects;

/// <summary>Records that a step cannot be undone without what is left of it.</summary>
internal sealed class OpenWorkLost(IEventLog log) : LogDecorator(log)
{
    public override Task<AppendResult> Append(AppendRequest request) => Inner.Append(new AppendRequest(
        request.Stream, request.ExpectedVersion, [.. request.Events.Select(Emptied)], request.Key, request.ExpectedEventId));

    private static NewEvent Emptied(NewEvent e) => !e.Type.EndsWith(".compensation-failed", StringComparison.Ordinal) ? e : e with
    {
        Data = JsonSerializer.SerializeToUtf8Bytes(
            JsonSerializer.Deserialize<SagaEvent.CompensationFailed>(e.Data.Span, LoireJson.Stored)! with { Open = [] }, LoireJson.Stored),
    };
}
