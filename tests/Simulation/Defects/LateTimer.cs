using System.Text.Json;
using Commerce.Payments.Processing;
using Loire.EventLog;
using Loire.Sagas;
using Loire.Serialization;
using Loire.Testing.Simulation;

namespace Loire.Simulation.Defects;

/// <summary>Lets the timer of a step fire when the step is done already, and records that it was late.</summary>
internal sealed class LateTimer(IEventLog log, Simulator simulator) : LogDecorator(log)
{
    public override Task<AppendResult> Append(AppendRequest request) =>
        request.Stream.Aggregate == PaymentProcessing.Name
        && request.Events is [{ Type: $"{PaymentProcessing.Name}.step-completed" } done, _, ..]
        && simulator.Random.Chance(0.3)
            ? Inner.Append(new AppendRequest(request.Stream, request.ExpectedVersion, [done, Late(done), .. request.Events.Skip(1)], request.Key, request.ExpectedEventId))
            : Inner.Append(request);

    private static NewEvent Late(NewEvent done)
    {
        var step = JsonSerializer.Deserialize<SagaEvent.StepCompleted>(done.Data.Span, LoireJson.Stored)!.Step;
        var late = new SagaEvent.StepFailed(step, "timed-out", "It took too long.", Begun: false);
        return done with
        {
            EventId = Guid.CreateVersion7(done.OccurredAt),
            Type = $"{PaymentProcessing.Name}.step-failed",
            Data = JsonSerializer.SerializeToUtf8Bytes(late, LoireJson.Stored),
        };
    }
}
