using Loire.Aggregates;
using Loire.Commands;
using Loire.Serialization;

namespace Loire.Tests;

/// <summary>Sends commands to aggregates.</summary>
internal static class CommandSending
{
    public static Task<CommandResult> Send(
        this IGrainFactory grains,
        string aggregate,
        string id,
        object command,
        string? key = null,
        long? expectedVersion = null,
        string? correlationId = null) =>
        grains.GetGrain<IAggregateGrain>(GrainId.Create(aggregate, id)).Execute(new CommandMessage(
            CommandCodec.NameOf(command),
            CommandCodec.Encode(command),
            new CommandHeaders
            {
                CommandId = Guid.NewGuid(),
                IssuedAt = TimeProvider.System.GetUtcNow(),
                IdempotencyKey = key,
                ExpectedVersion = expectedVersion,
                CorrelationId = correlationId ?? $"test-{id}",
            }));
}
