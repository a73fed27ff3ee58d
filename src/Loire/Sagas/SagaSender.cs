using Loire.Commands;
using Loire.Serialization;
using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>Sends the commands of one saga (its type and id), and tells what counts as a failure.</summary>
internal sealed partial class SagaSender(string saga, CommandSender sender, EventCatalog catalog, ILogger logger)
{
    /// <param name="cause">What the saga was started by.</param>
    public ISagaSender For(SagaCause cause) => new Bound(this, new CommandOrigin(saga, cause.Metadata with { CausationId = saga }));

    private async Task<CommandFailure?> Send(CommandOrigin origin, SagaCommand command, string purpose)
    {
        var result = await sender.Send(origin, purpose, Addressed(command));
        var failure = result is CommandResult.Accepted accepted ? FailureIn(accepted.Receipt, command)
            : result.Refusal is { } refusal ? new CommandFailure(refusal.Code, refusal.Detail)
            : null;
        if (failure is not null)
        {
            LogRejected(saga, purpose, command.Aggregate, command.Id, failure.Code, failure.Detail);
        }

        return failure;
    }

    private async Task<bool> Withdraw(CommandOrigin origin, SagaCommand command, string purpose) =>
        await sender.Withdraw(origin, purpose, Addressed(command)) switch
        {
            CommandResult.Accepted { Receipt: { Events.IsEmpty: false } receipt } => FailureIn(receipt, command) is null,

            // The definition made another command when it sent this one. Whatever it was, it is better undone than forgotten.
            CommandResult.KeyReused => true,
            _ => false,
        };

    private static AddressedCommand Addressed(SagaCommand command) => AddressedCommand.Of(command.Aggregate, command.Id, command.Command);

    private CommandFailure? FailureIn(CommandReceipt receipt, SagaCommand command) =>
        (from failure in command.Failures
         let names = catalog.NamesOf(failure.Key)
         where receipt.Events.Any(e => names.Contains(e.Type))
         select new CommandFailure(NestedTypes.NameOf(failure.Key), failure.Value, WasAccepted: true)).FirstOrDefault();

    [LoggerMessage(LogLevel.Information, "{Saga}, {Purpose}: {Aggregate} {AggregateId} rejected it: {Code}, {Detail}")]
    private partial void LogRejected(string saga, string purpose, string aggregate, string aggregateId, string code, string detail);

    private sealed class Bound(SagaSender saga, CommandOrigin origin) : ISagaSender
    {
        public Task<CommandFailure?> Send(SagaCommand command, string purpose) => saga.Send(origin, command, purpose);

        public Task<bool> Withdraw(SagaCommand command, string purpose) => saga.Withdraw(origin, command, purpose);
    }
}
