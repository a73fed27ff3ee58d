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

    /// <param name="command">The command.</param>
    /// <param name="purpose">Step, direction and number: unique within the saga.</param>
    /// <param name="cause">What the saga was started by.</param>
    /// <returns>Why it was rejected; <see langword="null"/> when it was accepted.</returns>
    /// <exception cref="StoreUnavailableException">It has to be sent again.</exception>
    public async Task<Rejection?> Send(SagaCommand command, string purpose, SagaCause cause)
    {
        var message = new CommandMessage(
            CommandCodec.NameOf(command.Command), CommandCodec.Encode(command.Command), Headers(purpose, cause));
        var result = await grains.GetGrain<IAggregateGrain>(GrainId.Create(command.Aggregate, command.Id)).Execute(message);
        var rejection = RejectionIn(result, message, command);
        if (rejection is not null)
        {
            LogRejected(saga, purpose, command.Aggregate, command.Id, rejection.Code, rejection.Detail);
        }

        return rejection;
    }

    private Rejection? RejectionIn(CommandResult result, CommandMessage message, SagaCommand command) => result switch
    {
        CommandResult.Accepted accepted => FailureIn(accepted.Receipt, command),
        CommandResult.Rejected rejected => new Rejection(rejected.Code, rejected.Detail),
        CommandResult.Invalid invalid => new Rejection(
            "invalid-payload", string.Join(' ', invalid.Errors.Select(e => $"{e.Field}: {e.Message}"))),
        CommandResult.InFlight => throw new StoreUnavailableException("The same command is still running."),
        CommandResult.StoreUnavailable unavailable => throw new StoreUnavailableException(unavailable.Detail),
        _ => new Rejection(NestedTypes.NameOf(result.GetType()), $"{message.Name} was answered with {result}."),
    };

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
}
