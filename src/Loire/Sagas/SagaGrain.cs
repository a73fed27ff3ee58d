using System.Text.Json;
using Loire.Aggregates;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Journaling;
using Loire.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.EventSourcing;
using Orleans.Providers;

namespace Loire.Sagas;

/// <summary>
/// Runs one saga: does the next step, records it, and so on. Derive from it with the saga's type as <c>[GrainType("…")]</c>
/// and register the class with <c>AddSaga</c>.
/// </summary>
/// <typeparam name="TSaga">The saga's definition.</typeparam>
[LogConsistencyProvider(ProviderName = Journals.Provider)]
public abstract partial class SagaGrain<TSaga> : JournaledGrain<AggregateView<SagaState>, SagaEvent>, ISagaGrain, IJournalOwner<SagaEvent>
    where TSaga : Saga
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _deactivating = new();
    private IJournal<SagaEvent> _journal = null!;
    private TSaga _saga = null!;
    private SagaSender _sender = null!;
    private TimeProvider _time = null!;
    private ILogger _logger = null!;
    private HostStop _stop = null!;
    private Task _running = Task.CompletedTask;
    private object? _context;

    private SagaState Current => TentativeState.State ?? new SagaState();

    private string Id => this.GetPrimaryKeyString();

    void IJournalOwner<SagaEvent>.Attach(IJournal<SagaEvent> journal)
    {
        _journal = journal;
        _saga = ServiceProvider.GetRequiredService<TSaga>();
        _time = ServiceProvider.GetRequiredService<TimeProvider>();
        _stop = ServiceProvider.GetRequiredService<HostStop>();
        _logger = ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType());
        _sender = new SagaSender(
            $"{_saga.Type}/{Id}", GrainFactory, ServiceProvider.GetRequiredService<EventCatalog>(), _time, _logger);
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

    public Task<SagaReply> Start(ReadOnlyMemory<byte> context, SagaCause cause) => Once(
        () => Current.Status == SagaStatus.None,
        () => new SagaEvent.Started(
            _saga.Type, [.. _saga.Steps.Select(s => s.Name)], JsonSerializer.Deserialize<JsonElement>(context.Span), cause),
        cause);

    public Task<SagaReply> Compensate(string reason) =>
        Once(() => Current.CanBeUndone, () => new SagaEvent.CompensationRequested(reason));

    public Task<SagaReply> Resume() => Confirmed();

    protected sealed override void TransitionState(AggregateView<SagaState> state, SagaEvent @event) =>
        state.State = (state.State ?? new SagaState()).Apply(@event);

    /// <summary>Records an event that is missing. Whoever finds that another call is recording it needs to know that it got there.</summary>
    private async Task<SagaReply> Once(Func<bool> isMissing, Func<SagaEvent> e, SagaCause? cause = null)
    {
        await _journal.Ready();
        if (isMissing())
        {
            await Record(e(), cause);
        }

        var reply = await Confirmed();
        return isMissing() ? throw new StoreUnavailableException("What another call had recorded was not written.") : reply;
    }

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
                await Record(await SagaProgress.Next(_saga, Current, Context(), _sender.For(Current.Cause)));
                failures = 0;
            }
            catch (Exception e) when (!_deactivating.IsCancellationRequested)
            {
                var delay = TimeSpan.FromMilliseconds(Math.Min(50 * Math.Pow(2, ++failures), MaxRetryDelay.TotalMilliseconds));
                LogRetry(_stop.Explains(e) ? LogLevel.Debug : LogLevel.Warning, e, _saga.Type, Id, Current.CurrentStep, failures, delay);
                await Task.Delay(delay, _time, _deactivating.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

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

    [LoggerMessage("{Saga} {Id} could not go on at {Step} (attempt {Attempt}); next attempt in {Delay}")]
    private partial void LogRetry(LogLevel level, Exception e, string saga, string id, string? step, int attempt, TimeSpan delay);
}
