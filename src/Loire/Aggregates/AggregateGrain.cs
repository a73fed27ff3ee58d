using System.Security.Cryptography;
using System.Text.Json;
using Loire.Commands;
using Loire.EventLog;
using Loire.Journaling;
using Loire.Metrics;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.EventSourcing;
using Orleans.Providers;

namespace Loire.Aggregates;

/// <summary>
/// The grain of one aggregate: decides commands on the state that is to be, and appends what follows. Derive from it, name
/// the aggregate type with <c>[GrainType("…")]</c>, and register the class with <c>AddAggregate</c>.
/// </summary>
[LogConsistencyProvider(ProviderName = Journals.Provider)]
public abstract class AggregateGrain<TCommand, TState, TEvent>
    : JournaledGrain<AggregateView<TState>, TEvent>, IAggregateGrain, IJournalOwner<TEvent>
    where TState : class
    where TEvent : class
{
    private readonly HashSet<string> _keysInFlight = new(StringComparer.Ordinal);
    private AggregateDefinition<TCommand, TState, TEvent> _definition = null!;
    private CommandOptions _options = null!;
    private TimeProvider _time = null!;
    private IEventLog _log = null!;
    private LoireMetrics _metrics = null!;
    private IJournal<TEvent> _journal = null!;
    private StreamName _stream;

    /// <summary>The state that will be when everything in flight is on disk.</summary>
    protected TState Current => TentativeState.State ?? _definition.Decider.Initial;

    void IJournalOwner<TEvent>.Attach(IJournal<TEvent> journal)
    {
        var id = this.GetGrainId();
        _journal = journal;
        _stream = new StreamName(id.Type.ToString()!, id.Key.ToString()!);
        _definition = ServiceProvider.GetRequiredService<AggregateRegistry>().Get<TCommand, TState, TEvent>(_stream.Aggregate);
        _options = ServiceProvider.GetRequiredService<IOptions<CommandOptions>>().Value;
        _time = ServiceProvider.GetRequiredService<TimeProvider>();
        _log = ServiceProvider.GetRequiredService<IEventLog>();
        _metrics = ServiceProvider.GetRequiredService<LoireMetrics>();
    }

    public async Task<CommandResult> Execute(CommandMessage command)
    {
        var began = _time.GetTimestamp();
        CommandResult? result = null;
        try
        {
            return result = await Answer(command);
        }
        finally
        {
            _metrics.Answered(_stream.Aggregate, result, _time.GetElapsedTime(began));
        }
    }

    protected sealed override void TransitionState(AggregateView<TState> state, TEvent @event) =>
        state.State = _definition.Decider.Evolve(state.State ?? _definition.Decider.Initial, @event);

    private async Task<CommandResult> Answer(CommandMessage command)
    {
        var (decoded, failure) = _definition.Commands.Decode(command.Name, command.Payload);
        if (failure is not null)
        {
            return failure;
        }

        var key = KeyOf(command, decoded!);
        if (key is not null && !_keysInFlight.Add(key.Value))
        {
            return new CommandResult.InFlight();
        }

        try
        {
            return await Execute((TCommand)decoded!, command.Headers, key);
        }
        catch (StoreUnavailableException e)
        {
            return new CommandResult.StoreUnavailable(e.Message, e.RetryAfter);
        }
        finally
        {
            if (key is not null)
            {
                _keysInFlight.Remove(key.Value);
            }
        }
    }

    private async Task<CommandResult> Execute(TCommand command, CommandHeaders headers, IdempotencyKey? key)
    {
        for (var attempt = 1; attempt <= _options.MaxAttempts; attempt++)
        {
            await _journal.Ready();
            var now = _time.GetUtcNow();
            var result = Decide(command, headers, now) switch
            {
                Decision<TEvent>.Accept { Events: { Count: 0 } } when key is null => await Confirmed(Unchanged, key),
                Decision<TEvent>.Accept accepted => await Append(accepted.Events, headers, now, key),
                Decision<TEvent>.Reject { Reason: var reason } =>
                    await Confirmed(() => new CommandResult.Rejected(reason.Code, reason.Detail), key),
                _ => await Confirmed(() => new CommandResult.VersionMismatch(_journal.TentativeVersion), key),
            };
            if (result is not null)
            {
                return result;
            }
        }

        return new CommandResult.StoreUnavailable($"Other writers kept getting ahead on {_stream}.", TimeSpan.FromSeconds(1));
    }

    /// <summary>The decision, or <see langword="null"/> when the aggregate is not at the version that the command asks for.</summary>
    private Decision<TEvent>? Decide(TCommand command, CommandHeaders headers, DateTimeOffset now) =>
        headers.Withdraw ? new Decision<TEvent>.Accept([])
        : headers.ExpectedVersion is { } expected && expected != _journal.TentativeVersion
            ? null
            : _definition.Decider.Decide(command, Current, new CommandContext(_stream.Id, now, headers.UserId));

    private async Task<CommandResult?> Append(
        IReadOnlyList<TEvent> events, CommandHeaders headers, DateTimeOffset now, IdempotencyKey? key)
    {
        var metadata = new EventMetadata(
            headers.UserId,
            headers.CorrelationId,
            headers.CausationId ?? headers.CommandId.ToString(),
            headers.TraceParent,
            headers.Tenant);
        return Answer(await _journal.Commit(events, now, metadata, key));
    }

    /// <summary>
    /// Gives an answer that adds nothing to the log. It was found on the tentative state, so it must wait until that state
    /// is on disk; if it never gets there, or another activation has written, the command is decided again
    /// (<see langword="null"/>). A repetition of a command that was accepted before gets its first receipt, even if it could
    /// not be accepted now: what is on disk holds, whatever the state is. If there is no receipt and the state turns out to
    /// have been the last one after that, nothing has been accepted in between either.
    /// </summary>
    private async Task<CommandResult?> Confirmed(Func<CommandResult> answer, IdempotencyKey? key)
    {
        var (version, epoch) = (_journal.TentativeVersion, _journal.Epoch);
        if (key is not null && await _log.FindReceipt(_stream, key) is { } earlier)
        {
            return Answer(earlier);
        }

        return await _journal.WasCurrent(version, epoch) ? answer() : null;
    }

    private CommandResult? Answer(AppendResult result) => result switch
    {
        AppendResult.Appended appended => new CommandResult.Accepted(ToReceipt(appended.Receipt), appended.Replayed),
        AppendResult.KeyReused => new CommandResult.KeyReused(),
        _ => null,
    };

    private CommandResult.Accepted Unchanged() =>
        new(new CommandReceipt(_stream.Aggregate, _stream.Id, Version, _journal.Position, []), Replayed: false);

    private static CommandReceipt ToReceipt(Receipt receipt) => new(
        receipt.Stream.Aggregate,
        receipt.Stream.Id,
        receipt.Version,
        receipt.Position,
        [.. receipt.Events.Select(e => new CommandEvent(e.EventId, e.Type, e.Version))]);

    // The fingerprint is taken of the command as it was understood, so white space and the order of members do not matter.
    private IdempotencyKey? KeyOf(CommandMessage message, object command) => message.Headers.IdempotencyKey is not { } value
        ? null
        : new IdempotencyKey(
            value,
            SHA256.HashData([.. JsonSerializer.SerializeToUtf8Bytes(message.Name), .. CommandCodec.Encode(command).Span]),
            message.Headers.KeepReceipt ? null : _time.GetUtcNow() + _options.ReceiptRetention);
}
