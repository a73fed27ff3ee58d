using Loire.Commands;
using Loire.Projections;

namespace Loire.Reactors;

/// <summary>One attempt to hand an event to a reactor.</summary>
public sealed class Delivery
{
    private readonly CommandSender _sender;
    private readonly CommandOrigin _origin;
    private int _sent;

    internal Delivery(string reactor, EventInfo info, int attempt, CommandSender sender, CancellationToken cancellation)
    {
        Id = $"{reactor}/{info.EventId}";
        Event = info;
        Attempt = attempt;
        Cancellation = cancellation;
        _sender = sender;
        _origin = new CommandOrigin(Id, info.Metadata with { CausationId = info.EventId.ToString() });
    }

    /// <summary>
    /// The same for every attempt, also after a restart: name of the reactor and id of the event. Give it to services that can
    /// tell repetitions by a key.
    /// </summary>
    public string Id { get; }

    /// <summary>Where the event stands and where it came from.</summary>
    public EventInfo Event { get; }

    /// <summary>1 for the first attempt. Attempts before a restart, or on another silo, are not counted.</summary>
    public int Attempt { get; }

    /// <summary>Cancelled when the time limit of the delivery is over, or the silo stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>
    /// Sends a command that takes effect once, however often the event is delivered: its idempotency key is the delivery's id with
    /// <paramref name="purpose"/>, and its receipt is kept for ever.
    /// </summary>
    /// <param name="aggregate">Type of the aggregate.</param>
    /// <param name="id">Its id.</param>
    /// <param name="command">The command.</param>
    /// <param name="purpose">Tells this command from others of the same delivery; if it is not given, its number does. Name it
    /// where the commands, or their order, may be others at the next attempt.</param>
    /// <returns><see cref="CommandResult.Accepted"/> or <see cref="CommandResult.Rejected"/>.</returns>
    /// <exception cref="EventLog.StoreUnavailableException">It is not known what became of it; leave it to the next attempt.</exception>
    /// <exception cref="InvalidOperationException">The command is wrong: unknown, invalid, or another one than this delivery has
    /// sent before for the same purpose.</exception>
    public async Task<CommandResult> Send(string aggregate, string id, object command, string? purpose = null)
    {
        var number = ++_sent;
        Cancellation.ThrowIfCancellationRequested();
        return await _sender.Send(_origin, purpose ?? $"{number}", AddressedCommand.Of(aggregate, id, command)) switch
        {
            CommandResult.Accepted accepted => accepted,
            CommandResult.Rejected rejected => rejected,
            CommandResult.KeyReused => throw new InvalidOperationException(
                $"{Id} has sent another command to {aggregate}/{id} for the same purpose before."),
            CommandResult.Invalid invalid => throw new InvalidOperationException(
                $"{aggregate}/{id} does not take the command: {string.Join(' ', invalid.Errors.Select(e => $"{e.Field}: {e.Message}"))}"),
            var result => throw new InvalidOperationException($"{aggregate}/{id} answered a command with {result}."),
        };
    }
}
