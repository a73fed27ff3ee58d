using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Serialization;

namespace Loire.Processes;

/// <summary>
/// Sends the commands of one process (its type and id), each under a key made of these and the command's number, so that it
/// takes effect once, however often it is sent.
/// </summary>
internal sealed class ProcessSender(string process, CommandSender sender, TimeProvider time)
{
    /// <returns>Why it was rejected; <see langword="null"/> when it has taken effect.</returns>
    /// <exception cref="StoreUnavailableException">It has to be sent again.</exception>
    public async Task<Rejection?> Send(PendingCommand pending) => await Send(pending.Command, Headers(pending)) switch
    {
        CommandResult.Accepted => null,
        CommandResult.Rejected rejected => new Rejection(rejected.Code, rejected.Detail),
        CommandResult.Invalid invalid => new Rejection(
            "invalid-payload", string.Join(' ', invalid.Errors.Select(e => $"{e.Field}: {e.Message}"))),
        var result => new Rejection(NestedTypes.NameOf(result.GetType()), $"A command was answered with {result}."),
    };

    /// <summary>
    /// Sees to it that a command which was rejected never takes effect: a silo that was taken for dead may be about to send it,
    /// and the aggregate may take it by then.
    /// </summary>
    /// <returns>Whether it has taken effect already.</returns>
    /// <exception cref="StoreUnavailableException">It has to be done again.</exception>
    public async Task<bool> Withdraw(PendingCommand pending) =>
        await Send(pending.Command, Headers(pending) with { Withdraw = true }) is CommandResult.Accepted { Receipt.Events.IsEmpty: false };

    private Task<CommandResult> Send(ProcessCommand command, CommandHeaders headers) => sender.Send(
        command.Aggregate,
        command.Id,
        new CommandMessage(command.Name, System.Text.Encoding.UTF8.GetBytes(command.Payload.GetRawText()), headers));

    private CommandHeaders Headers(PendingCommand pending) => new()
    {
        CommandId = Guid.CreateVersion7(time.GetUtcNow()),
        IssuedAt = time.GetUtcNow(),
        IdempotencyKey = CommandSender.Key($"{process}/{pending.Command.Number}"),
        KeepReceipt = true,
        CorrelationId = pending.Cause.CorrelationId,
        CausationId = process,
        TraceParent = pending.Cause.TraceParent,
        UserId = pending.Cause.UserId,
        Tenant = pending.Cause.Tenant,
    };
}
