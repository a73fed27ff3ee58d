using System.Security.Cryptography;
using System.Text;
using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Serialization;
using Microsoft.Extensions.Logging;

namespace Loire.Sagas;

/// <summary>
/// Sends the commands of one saga (its type and id), each under a key of its own that begins with them, so that it takes
/// effect once, however often it is sent.
/// </summary>
internal sealed partial class SagaSender(
    string saga, IGrainFactory grains, EventCatalog catalog, TimeProvider time, ILogger logger)
{
    private const int MaxKeyLength = 255;

    /// <param name="cause">What the saga was started by.</param>
    public ISagaSender For(SagaCause cause) => new Bound(this, cause);

    private async Task<Rejection?> Send(SagaCommand command, string purpose, CommandHeaders headers)
    {
        var rejection = await Execute(command, headers) switch
        {
            CommandResult.Accepted accepted => FailureIn(accepted.Receipt, command),
            CommandResult.Rejected rejected => new Rejection(rejected.Code, rejected.Detail),
            CommandResult.Invalid invalid => new Rejection(
                "invalid-payload", string.Join(' ', invalid.Errors.Select(e => $"{e.Field}: {e.Message}"))),
            var result => new Rejection(NestedTypes.NameOf(result.GetType()), $"A command was answered with {result}."),
        };
        if (rejection is not null)
        {
            LogRejected(saga, purpose, command.Aggregate, command.Id, rejection.Code, rejection.Detail);
        }

        return rejection;
    }

    private async Task<bool> Withdraw(SagaCommand command, CommandHeaders headers) =>
        await Execute(command, headers with { Withdraw = true }) is CommandResult.Accepted { Receipt: { Events.IsEmpty: false } receipt }
        && FailureIn(receipt, command) is null;

    private async Task<CommandResult> Execute(SagaCommand command, CommandHeaders headers)
    {
        var message = new CommandMessage(CommandCodec.NameOf(command.Command), CommandCodec.Encode(command.Command), headers);
        return await grains.GetGrain<IAggregateGrain>(GrainId.Create(command.Aggregate, command.Id)).Execute(message) switch
        {
            CommandResult.InFlight => throw new StoreUnavailableException("The same command is still running."),
            CommandResult.StoreUnavailable unavailable => throw new StoreUnavailableException(unavailable.Detail),
            var result => result,
        };
    }

    private CommandHeaders Headers(string purpose, SagaCause cause) => new()
    {
        CommandId = Guid.CreateVersion7(time.GetUtcNow()),
        IssuedAt = time.GetUtcNow(),
        IdempotencyKey = Key($"{saga}/{purpose}"),
        KeepReceipt = true,
        CorrelationId = cause.CorrelationId,
        CausationId = saga,
        TraceParent = cause.TraceParent,
        UserId = cause.UserId,
        Tenant = cause.Tenant,
    };

    // Readable where it fits: stores take keys of up to 255 characters, and an id alone may have 200.
    private static string Key(string text) =>
        text.Length <= MaxKeyLength ? text : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private Rejection? FailureIn(CommandReceipt receipt, SagaCommand command) =>
        (from failure in command.Failures
         let names = catalog.NamesOf(failure.Key)
         where receipt.Events.Any(e => names.Contains(e.Type))
         select new Rejection(NestedTypes.NameOf(failure.Key), failure.Value)).FirstOrDefault();

    [LoggerMessage(LogLevel.Information, "{Saga}, {Purpose}: {Aggregate} {AggregateId} rejected it: {Code}, {Detail}")]
    private partial void LogRejected(string saga, string purpose, string aggregate, string aggregateId, string code, string detail);

    private sealed class Bound(SagaSender sender, SagaCause cause) : ISagaSender
    {
        public Task<Rejection?> Send(SagaCommand command, string purpose) =>
            sender.Send(command, purpose, sender.Headers(purpose, cause));

        public Task<bool> Withdraw(SagaCommand command, string purpose) =>
            sender.Withdraw(command, sender.Headers(purpose, cause));
    }
}
