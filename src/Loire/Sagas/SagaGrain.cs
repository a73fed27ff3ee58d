using Loire.Aggregates;
using Loire.Commands;
using Loire.EventLog;
using Loire.Journaling;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.EventSourcing;
using Orleans.Providers;
using System.Text.Json;

namespace Loire.Sagas;

/// <summary>
/// Runs one saga: does the next step, records it, and so on. Derive from it with the saga's type as <c>[GrainType("…")]</c>
/// and register the class with <c>AddSaga</c>.
/// </summary>
/// <typeparam name="TSaga">The saga's definition.</typeparam>
[LogConsistencyProvider(ProviderName = JournalFactory.Name)]
public abstract partial class SagaGrain<TSaga> : JournaledGrain<AggregateView<SagaState>, SagaEvent>, ISagaGrain, IJournalOwner<SagaEvent>
    where TSaga : Saga
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _deactivating = new();
    private IJournal<SagaEvent> _journal = null!;
    private TSaga _saga = null!;
    private TimeProvider _time = null!;
    private EventCatalog _catalog = null!;
    private ILogger _logger = null!;
    private Task _running = Task.CompletedTask;
    private object? _context;

    private SagaState Current => TentativeState.State ?? new SagaState();

    private string Id => this.GetPrimaryKeyString();

    void IJournalOwner<SagaEvent>.Attach(IJournal<SagaEvent> journal)
    {
        _journal = journal;
        _saga = ServiceProvider.GetRequiredService<TSaga>();
        _time = ServiceProvider.GetRequiredService<TimeProvider>();
        _catalog = ServiceProvider.GetRequiredService<EventCatalog>();
        _logger = ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType());
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        KeepRunning();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _running.WaitAsync(cancellationToken);
        _deactivating.Dispose();
    }

    public async Task<SagaReply> Start(ReadOnlyMemory<byte> context, SagaCause cause)
    {
        await _journal.Ready();
        if (Current.Status == SagaStatus.None)
        {
            var json = JsonSerializer.Deserialize<JsonElement>(context.Span);
            await Record(new SagaEvent.Started(_saga.Type, [.. _saga.Steps.Select(s => s.Name)], json, cause), cause);
        }

        return await Confirmed();
    }

    public async Task<SagaReply> Compensate(string reason)
    {
        await _journal.Ready();
        if (Current.Status is SagaStatus.Started or SagaStatus.Running or SagaStatus.Completed)
        {
            await Record(new SagaEvent.CompensationRequested(reason));
        }

        return await Confirmed();
    }

    public Task<SagaReply> Resume() => Confirmed();

    protected sealed override void TransitionState(AggregateView<SagaState> state, SagaEvent @event) =>
        state.State = (state.State ?? new SagaState()).Apply(@event);

    /// <summary>Answers with what is on disk, and sees that the saga runs.</summary>
    private async Task<SagaReply> Confirmed()
    {
        await _journal.Settled();
        KeepRunning();
        return new SagaReply(Current.Status, Current.CurrentStep);
    }

    private void KeepRunning()
    {
        if (_running.IsCompleted && !Current.Ended && !_deactivating.IsCancellationRequested)
        {
            _running = Run();
        }
    }

    private async Task Run()
    {
        await Task.Yield();
        for (var failures = 0; !Current.Ended && !_deactivating.IsCancellationRequested;)
        {
            DelayDeactivation(TimeSpan.FromMinutes(1));
            try
            {
                await _journal.Ready();
                await (Current.Status == SagaStatus.Compensating ? Undo() : Do());
                failures = 0;
            }
            catch (Exception e) when (!_deactivating.IsCancellationRequested)
            {
                var delay = TimeSpan.FromMilliseconds(Math.Min(50 * Math.Pow(2, ++failures), MaxRetryDelay.TotalMilliseconds));
                LogRetry(e, _saga.Type, Id, Current.CurrentStep, failures, delay);
                await Task.Delay(delay, _time, _deactivating.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task Do()
    {
        if (Current.CurrentStep is not { } name)
        {
            await Record(new SagaEvent.Completed());
            return;
        }

        var commands = StepNamed(name).Send(Context());
        for (var i = 0; i < commands.Count; i++)
        {
            if (await Send(commands[i], $"{name}/do/{i}") is { } rejection)
            {
                await Record(new SagaEvent.StepFailed(name, rejection.Code, rejection.Detail, Begun: i > 0));
                return;
            }
        }

        await Record(new SagaEvent.StepCompleted(name));
    }

    private async Task Undo()
    {
        if (Current.ToCompensate.FirstOrDefault() is { } name)
        {
            var rejections = await SendAll(StepNamed(name).Undo(Context()), $"{name}/undo");
            await Record(new SagaEvent.StepCompensated(name, rejections));
        }
        else
        {
            var reason = Current.Reason ?? "compensated";
            await SendAll(_saga.OnFailed(Context(), reason), "failed");
            await Record(new SagaEvent.Failed(reason));
        }
    }

    private async Task<IReadOnlyList<string>> SendAll(IReadOnlyList<SagaCommand> commands, string purpose)
    {
        var rejections = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            if (await Send(commands[i], $"{purpose}/{i}") is { } rejection)
            {
                rejections.Add($"{commands[i].Aggregate}/{commands[i].Id}: {rejection.Code}");
                LogRejected(_saga.Type, Id, purpose, commands[i].Aggregate, commands[i].Id, rejection.Code, rejection.Detail);
            }
        }

        return rejections;
    }

    /// <returns>Why it was rejected; <see langword="null"/> when it was accepted.</returns>
    /// <exception cref="StoreUnavailableException">It has to be sent again.</exception>
    private async Task<Rejection?> Send(SagaCommand command, string purpose)
    {
        var cause = Current.Cause;
        var headers = new CommandHeaders
        {
            CommandId = Guid.CreateVersion7(_time.GetUtcNow()),
            IssuedAt = _time.GetUtcNow(),
            IdempotencyKey = $"{_saga.Type}/{Id}/{purpose}",
            KeepReceipt = true,
            CorrelationId = cause.CorrelationId,
            CausationId = $"{_saga.Type}/{Id}",
            TraceParent = cause.TraceParent,
            UserId = cause.UserId,
            Tenant = cause.Tenant,
        };
        var message = new CommandMessage(CommandCodec.NameOf(command.Command), CommandCodec.Encode(command.Command), headers);
        var result = await GrainFactory.GetGrain<IAggregateGrain>(GrainId.Create(command.Aggregate, command.Id)).Execute(message);
        return result switch
        {
            CommandResult.Accepted accepted => FailureIn(accepted.Receipt, command),
            CommandResult.Rejected rejected => new Rejection(rejected.Code, rejected.Detail),
            CommandResult.InFlight => throw new StoreUnavailableException("The same command is still running."),
            CommandResult.StoreUnavailable unavailable => throw new StoreUnavailableException(unavailable.Detail),
            _ => new Rejection(NestedTypes.NameOf(result.GetType()), $"{message.Name} was answered with {result}."),
        };
    }

    private Rejection? FailureIn(CommandReceipt receipt, SagaCommand command) =>
        (from failure in command.Failures
         let names = _catalog.NamesOf(failure.Key)
         where receipt.Events.Any(e => names.Contains(e.Type))
         select new Rejection(NestedTypes.NameOf(failure.Key), failure.Value)).FirstOrDefault();

    private async Task Record(SagaEvent e, SagaCause? cause = null)
    {
        cause ??= Current.Cause;
        var metadata = new EventMetadata(cause.UserId, cause.CorrelationId, cause.CausationId, cause.TraceParent, cause.Tenant);
        if (await _journal.Commit([e], _time.GetUtcNow(), metadata, key: null) is not AppendResult.Appended)
        {
            throw new StoreUnavailableException("Somebody else has moved the saga on.");
        }
    }

    private object Context() => _context ??= _saga.ReadContext(JsonSerializer.SerializeToUtf8Bytes(Current.Context));

    private SagaStep StepNamed(string name) =>
        _saga.Steps.FirstOrDefault(s => s.Name == name)
        ?? throw new InvalidOperationException($"The saga {_saga.Type} has no step '{name}' any more.");

    [LoggerMessage(LogLevel.Warning, "{Saga} {Id} could not go on at {Step} (attempt {Attempt}); next attempt in {Delay}")]
    private partial void LogRetry(Exception e, string saga, string id, string? step, int attempt, TimeSpan delay);

    [LoggerMessage(LogLevel.Warning, "{Saga} {Id}, {Purpose}: {Aggregate} {AggregateId} rejected it: {Code}, {Detail}")]
    private partial void LogRejected(
        string saga, string id, string purpose, string aggregate, string aggregateId, string code, string detail);
}
