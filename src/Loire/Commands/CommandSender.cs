using System.Security.Cryptography;
using System.Text;
using Loire.Aggregates;
using Loire.EventLog;

namespace Loire.Commands;

/// <summary>
/// Sends commands from within the platform, each under a key of its own, so that it takes effect once, however often it is
/// sent. Their receipts are kept for ever.
/// </summary>
internal sealed class CommandSender(IGrainFactory grains, TimeProvider time)
{
    private const int MaxKeyLength = 255;

    /// <summary>Sends a command once.</summary>
    /// <param name="origin">Who sends it.</param>
    /// <param name="purpose">Tells it from all other commands of the sender; the same when it is sent again.</param>
    /// <param name="command">The command.</param>
    /// <exception cref="StoreUnavailableException">It is not known what became of it, so it has to be sent again.</exception>
    public Task<CommandResult> Send(CommandOrigin origin, string purpose, AddressedCommand command) =>
        Execute(command, Headers(origin, purpose));

    /// <summary>Sees to it that a command which has not taken effect yet never will, whoever sends it.</summary>
    /// <inheritdoc cref="Send"/>
    /// <returns>Accepted with events if it has taken effect, and without any if it never will.</returns>
    public Task<CommandResult> Withdraw(CommandOrigin origin, string purpose, AddressedCommand command) =>
        Execute(command, Headers(origin, purpose) with { Withdraw = true });

    private async Task<CommandResult> Execute(AddressedCommand command, CommandHeaders headers)
    {
        var aggregate = grains.GetGrain<IAggregateGrain>(GrainId.Create(command.Aggregate, command.Id));
        return await aggregate.Execute(new CommandMessage(command.Name, command.Payload, headers)) switch
        {
            CommandResult.InFlight => throw new StoreUnavailableException("The same command is still running."),
            CommandResult.StoreUnavailable unavailable =>
                throw new StoreUnavailableException(unavailable.Detail) { RetryAfter = unavailable.RetryAfter },
            var result => result,
        };
    }

    private CommandHeaders Headers(CommandOrigin origin, string purpose)
    {
        var now = time.GetUtcNow();
        return new CommandHeaders
        {
            CommandId = Guid.CreateVersion7(now),
            IssuedAt = now,
            IdempotencyKey = Key($"{origin.Sender}/{purpose}"),
            KeepReceipt = true,
            CorrelationId = origin.Metadata.CorrelationId,
            CausationId = origin.Metadata.CausationId,
            TraceParent = origin.Metadata.TraceParent,
            UserId = origin.Metadata.UserId,
            Tenant = origin.Metadata.Tenant,
        };
    }

    // The text where it fits, for people to read, or else its digest.
    private static string Key(string text) =>
        text.Length <= MaxKeyLength ? text : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
