using System.Text;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;

namespace Loire.Processes;

/// <summary>The commands of one process: whether they can be sent at all, what becomes of them, and how often that is tried.</summary>
internal sealed class ProcessOutbox(
    string name, ProcessManager process, AggregateRegistry aggregates, CommandSender sender, TimeProvider time)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    private readonly ProcessSender _sender = new(name, sender);

    public static TimeSpan DelayAfter(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(50 * Math.Pow(2, failures), MaxDelay.TotalMilliseconds));

    /// <summary>Sends a command, or withdraws it if it was rejected before.</summary>
    /// <returns>What is to be recorded, in view of the state as it is by then.</returns>
    /// <exception cref="StoreUnavailableException">It has to be done again.</exception>
    public async Task<Func<ProcessState, IReadOnlyList<ProcessEvent>>> Carry(PendingCommand pending, ProcessRules rules)
    {
        var number = pending.Command.Number;
        if (pending.Rejection is { } before)
        {
            return await _sender.Withdraw(pending)
                ? _ => [new ProcessEvent.CommandSent(number)]
                : state => Withdrawn(state, pending.Command, before, rules);
        }

        return await _sender.Send(pending) is { } rejection
            ? _ => [new ProcessEvent.CommandRejected(number, rejection.Code, rejection.Detail)]
            : _ => [new ProcessEvent.CommandSent(number)];
    }

    /// <summary>Refuses commands that no aggregate knows, before they are on disk and would be sent for ever.</summary>
    /// <exception cref="InvalidOperationException">There is one among them.</exception>
    public void Check(IReadOnlyList<ProcessEvent> events)
    {
        foreach (var command in events.OfType<ProcessEvent.Moved>().SelectMany(m => m.Commands))
        {
            var failure = aggregates.TryGet(command.Aggregate, out var aggregate)
                ? aggregate.Commands.Decode(command.Name, Encoding.UTF8.GetBytes(command.Payload.GetRawText())).Failure
                : new CommandResult.UnknownCommand([]);
            if (failure is not null || !StreamName.IsValidId(command.Id))
            {
                throw new InvalidOperationException(
                    $"{process.Type} wants to send {command.Name} to {command.Aggregate}/{command.Id}, which nobody takes: {failure}");
            }
        }
    }

    private IReadOnlyList<ProcessEvent> Withdrawn(ProcessState state, ProcessCommand command, Rejection rejection, ProcessRules rules)
    {
        var withdrawn = new ProcessEvent.CommandWithdrawn(command.Number);
        return rules.OnRejected(state.Apply(withdrawn), command, rejection, time.GetUtcNow()) is { } then ? [withdrawn, then] : [withdrawn];
    }
}
