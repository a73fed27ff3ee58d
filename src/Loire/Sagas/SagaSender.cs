using Loire.Commands;
using Loire.Serialization;
using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>
/// Sends the commands of one saga (its type and id), each under a key of its own that begins with them, so that it takes
/// effect once, however often it is sent.
/// </summary>
internal sealed partial class SagaSender(
    string saga, CommandSender sender, EventCatalog catalog, TimeProvider time, ILogger logger)
{
    /// <param name="cause">What the saga was started by.</param>
    public ISagaSender For(SagaCause cause) => new Bound(this, cause);

    private async Task<CommandFailure?> Send(SagaCommand command, string purpose, CommandHeaders headers)
    {
        var failure = await Execute(command, headers) switch
        {
            CommandResult.Accepted accepted => FailureIn(accepted.Receipt, command),
            CommandResult.Rejected rejected => new CommandFailure(rejected.Code, rejected.Detail),
            CommandResult.Invalid invalid => new CommandFailure(
                "invalid-payload", string.Join(' ', invalid.Errors.Select(e => $"{e.Field}: {e.Message}"))),
            var result => new CommandFailure(NestedTypes.NameOf(result.GetType()), $"A command was answered with {result}."),
        };
        if (failure is not null)
        {
            LogRejected(saga, purpose, command.Aggregate, command.Id, failure.Code, failure.Detail);
        }

        return failure;
    }

    private async Task<bool> Withdraw(SagaCommand command, CommandHeaders headers) =>
        await Execute(command, headers with { Withdraw = true }) is CommandResult.Accepted { Receipt: { Events.IsEmpty: false } receipt }
        && FailureIn(receipt, command) is null;

    private Task<CommandResult> Execute(SagaCommand command, CommandHeaders headers) =>
        sender.Send(command.Aggregate, command.Id, command.Command, headers);

    private CommandHeaders Headers(string purpose, SagaCause cause) => new()
    {
        CommandId = Guid.CreateVersion7(time.GetUtcNow()),
        IssuedAt = time.GetUtcNow(),
        IdempotencyKey = CommandSender.Key($"{saga}/{purpose}"),
        KeepReceipt = true,
        CorrelationId = cause.CorrelationId,
        CausationId = saga,
        TraceParent = cause.TraceParent,
        UserId = cause.UserId,
        Tenant = cause.Tenant,
    };

    private CommandFailure? FailureIn(CommandReceipt receipt, SagaCommand command) =>
        (from failure in command.Failures
         let names = catalog.NamesOf(failure.Key)
         where receipt.Events.Any(e => names.Contains(e.Type))
         select new CommandFailure(NestedTypes.NameOf(failure.Key), failure.Value, WasAccepted: true)).FirstOrDefault();

    [LoggerMessage(LogLevel.Information, "{Saga}, {Purpose}: {Aggregate} {AggregateId} rejected it: {Code}, {Detail}")]
    private partial void LogRejected(string saga, string purpose, string aggregate, string aggregateId, string code, string detail);

    private sealed class Bound(SagaSender saga, SagaCause cause) : ISagaSender
    {
        public Task<CommandFailure?> Send(SagaCommand command, string purpose) =>
            saga.Send(command, purpose, saga.Headers(purpose, cause));

        public Task<bool> Withdraw(SagaCommand command, string purpose) =>
            saga.Withdraw(command, saga.Headers(purpose, cause));
    }
}
