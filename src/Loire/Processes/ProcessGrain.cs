using Loire.Aggregates;
using Loire.EventLog;
using Loire.Hosting;
using Loire.Journaling;
using Loire.Projections;
using Loire.Serialization;
using Loire.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.EventSourcing;
using Orleans.Providers;

namespace Loire.Processes;

/// <summary>
/// Runs one instance of a process: records what it makes of what comes, then sends what it has decided. Derive from it with
/// the process's type as <c>[GrainType("…")]</c> and register the class with <c>AddProcess</c>.
/// </summary>
/// <typeparam name="TProcess">The process's definition.</typeparam>
[LogConsistencyProvider(ProviderName = Journals.Provider)]
public abstract partial class ProcessGrain<TProcess>
    : JournaledGrain<AggregateView<ProcessState>, ProcessEvent>, IProcessGrain, IWakeable, IJournalOwner<ProcessEvent>
    where TProcess : ProcessManager
{
    private const int MaxAttempts = 10;

    // What is due later than this is found in the view by then.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _deactivating = new();
    private IJournal<ProcessEvent> _journal = null!;
    private ProcessRules _rules = null!;
    private ProcessHistory _history = null!;
    private ProcessOutbox _outbox = null!;
    private EventCatalog _catalog = null!;
    private TimeProvider _time = null!;
    private ILogger _logger = null!;
    private HostStop _stop = null!;
    private IGrainTimer? _timer;

    private ProcessState Current => TentativeState.State ?? new ProcessState();

    private string Id => this.GetPrimaryKeyString();

    void IJournalOwner<ProcessEvent>.Attach(IJournal<ProcessEvent> journal)
    {
        var process = ServiceProvider.GetRequiredService<TProcess>();
        _journal = journal;
        _catalog = ServiceProvider.GetRequiredService<EventCatalog>();
        _time = ServiceProvider.GetRequiredService<TimeProvider>();
        _stop = ServiceProvider.GetRequiredService<HostStop>();
        _logger = ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType());
        _rules = new ProcessRules(process, Id);
        _history = new ProcessHistory(new StreamName(process.Type, Id), ServiceProvider.GetRequiredService<IEventLog>(), _catalog);
        _outbox = ActivatorUtilities.CreateInstance<ProcessOutbox>(ServiceProvider, $"{process.Type}/{Id}", process);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GoOn();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _sending.WaitAsync(cancellationToken);
        _deactivating.Dispose();
    }

    public async Task Handle(ProcessDelivery delivery)
    {
        var recorded = delivery.Event;
        var (e, info, input) = (_catalog.Decode(recorded), EventInfo.Of(recorded), ProcessInput.Of(recorded));
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await _journal.Ready();
            if (!Current.Seen.IsNew(input) && await HasHandled(recorded.EventId))
            {
                GoOn();
                return;
            }

            var (version, epoch) = (_journal.TentativeVersion, _journal.Epoch);
            var decision = _rules.On(Current, e, info, input, _time.GetUtcNow());
            if (decision is ProcessDecision.Record { Event: var made }
                ? await Commit([made], CauseOf(info))
                : await _journal.WasCurrent(version, epoch))
            {
                GoOn();
                if (decision is ProcessDecision.Park { Why: var why })
                {
                    throw new UnexpectedEventException(why);
                }

                return;
            }
        }

        throw new StoreUnavailableException($"Other writers kept getting ahead on {Id}.");
    }

    public async Task Wake()
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await _journal.Settled();
            if (Current.Timers.FirstOrDefault(t => t.Due <= _time.GetUtcNow()) is not { } due)
            {
                // Another activation may have moved the process on, on a silo that stood still and was taken for dead.
                if (await _journal.WasCurrent(_journal.TentativeVersion, _journal.Epoch))
                {
                    GoOn();
                    return;
                }

                continue;
            }

            await Commit([_rules.OnTimer(Current, due, _time.GetUtcNow())], Current.Cause);
        }

        // Other writers were ahead, or each timer sets another that is due at once: the view will say that something is due.
        GoOn();
    }

    protected sealed override void TransitionState(AggregateView<ProcessState> state, ProcessEvent @event) =>
        state.State = (state.State ?? new ProcessState()).Apply(@event);

    private async Task<bool> HasHandled(Guid eventId)
    {
        await _journal.Settled();
        return await _history.Contains(eventId);
    }

    /// <returns>Whether it is on disk; otherwise somebody else was ahead, and it has to be decided again.</returns>
    private async Task<bool> Commit(IReadOnlyList<ProcessEvent> events, EventMetadata metadata)
    {
        _outbox.Check(events);
        return await _journal.Commit(events, _time.GetUtcNow(), metadata, key: null) is AppendResult.Appended;
    }

    /// <summary>Sees that commands are sent, and that what is due soon comes in time.</summary>
    private void GoOn()
    {
        if (_deactivating.IsCancellationRequested)
        {
            return;
        }

        if (_sending.IsCompleted && Current.Outbox.Count > 0)
        {
            _sending = Send();
        }

        _timer?.Dispose();
        _timer = null;
        if (Current.Timers.FirstOrDefault() is { } next && next.Due - _time.GetUtcNow() is var wait && wait < Soon)
        {
            _timer = this.RegisterGrainTimer(
                _ => WakeInTime(), new GrainTimerCreationOptions(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        }
    }

    private async Task WakeInTime()
    {
        try
        {
            await Wake();
        }
        catch (Exception e)
        {
            // It stays due, so the durable timers find it.
            var expected = _stop.Explains(e) || _deactivating.IsCancellationRequested;
            LogLate(expected ? LogLevel.Debug : LogLevel.Warning, e, GetType().Name, Id);
        }
    }

    private static EventMetadata CauseOf(EventInfo info) => info.Metadata with { CausationId = info.EventId.ToString() };

    [LoggerMessage("A timer of {Process} {Id} could not be handled; it is tried again")]
    private partial void LogLate(LogLevel level, Exception e, string process, string id);
}
