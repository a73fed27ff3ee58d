using System.Text;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;

namespace Loire.Processes;

/// <summary>Sends the commands of one process (its type and id), each for a purpose of its own: its number.</summary>
internal sealed class ProcessSender(string process, CommandSender sender)
{
    /// <returns>Why it was rejected; <see langword="null"/> when it has taken effect.</returns>
    /// <exception cref="StoreUnavailableException">It has to be sent again.</exception>
    public async Task<Rejection?> Send(PendingCommand pending) =>
        (await sender.Send(Origin(pending), PurposeOf(pending), Addressed(pending.Command))).Refusal;

    /// <summary>
    /// Sees to it that a command which was rejected never takes effect: a silo that was taken for dead may be about to send it,
    /// and the aggregate may take it by then.
    /// </summary>
    /// <returns>Whether it has taken effect already.</returns>
    /// <exception cref="StoreUnavailableException">It has to be done again.</exception>
    public async Task<bool> Withdraw(PendingCommand pending) =>
        await sender.Withdraw(Origin(pending), PurposeOf(pending), Addressed(pending.Command))
            is CommandResult.Accepted { Receipt.Events.IsEmpty: false };

    private CommandOrigin Origin(PendingCommand pending) => new(process, pending.Cause with { CausationId = process });

    private static string PurposeOf(PendingCommand pending) => $"{pending.Command.Number}";

    private static AddressedCommand Addressed(ProcessCommand command) =>
        new(command.Aggregate, command.Id, command.Name, Encoding.UTF8.GetBytes(command.Payload.GetRawText()));
}
