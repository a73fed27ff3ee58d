using System.Security.Cryptography;
using System.Text;
using Loire.Aggregates;
using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Commands;

/// <summary>Sends commands from within the platform.</summary>
internal sealed class CommandSender(IGrainFactory grains)
{
    private const int MaxKeyLength = 255;

    /// <summary>Sends a command once.</summary>
    /// <exception cref="StoreUnavailableException">It is not known what became of it, so it has to be sent again under its key.</exception>
    public Task<CommandResult> Send(string aggregate, string id, object command, CommandHeaders headers) =>
        Send(aggregate, id, new CommandMessage(CommandCodec.NameOf(command), CommandCodec.Encode(command), headers));

    /// <inheritdoc cref="Send(string, string, object, CommandHeaders)"/>
    public async Task<CommandResult> Send(string aggregate, string id, CommandMessage message)
    {
        return await grains.GetGrain<IAggregateGrain>(GrainId.Create(aggregate, id)).Execute(message) switch
        {
            CommandResult.InFlight => throw new StoreUnavailableException("The same command is still running."),
            CommandResult.StoreUnavailable unavailable =>
                throw new StoreUnavailableException(unavailable.Detail) { RetryAfter = unavailable.RetryAfter },
            var result => result,
        };
    }

    /// <summary>An idempotency key that stands for a text: the text where it fits, for people to read, or else its digest.</summary>
    public static string Key(string text) =>
        text.Length <= MaxKeyLength ? text : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
