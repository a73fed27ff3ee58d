using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.EventSourcing;

/// <summary>A grain whose state is folded from events that it raises.</summary>
public abstract class JournaledGrain<TGrainState> : JournaledGrain<TGrainState, object>
    where TGrainState : class, new();

/// <summary>A grain whose state is folded from events that it raises.</summary>
public abstract class JournaledGrain<TGrainState, TEventBase>
    : LogConsistentGrain<TGrainState>, ILogViewAdaptorHost<TGrainState, TEventBase>
    where TGrainState : class, new()
    where TEventBase : class
{
    private ILogViewAdaptor<TGrainState, TEventBase>? _log;

    /// <summary>The events that have been raised and are not confirmed.</summary>
    public IEnumerable<TEventBase> UnconfirmedEvents => Log.UnconfirmedSuffix;

    /// <summary>The state of the confirmed events.</summary>
    protected TGrainState State => Log.ConfirmedView;

    /// <summary>The state with the unconfirmed events too.</summary>
    protected TGrainState TentativeState => Log.TentativeView;

    /// <summary>How many events are confirmed.</summary>
    protected int Version => Log.ConfirmedVersion;

    /// <inheritdoc />
    protected override ILogViewAdaptorFactory? DefaultAdaptorFactory => null;

    private ILogViewAdaptor<TGrainState, TEventBase> Log =>
        _log ?? throw new InvalidOperationException($"{GetType()} has no log before it is activated");

    /// <inheritdoc />
    public override void Participate(IGrainLifecycle lifecycle)
    {
        base.Participate(lifecycle);
        lifecycle.Subscribe("PreOnActivate", GrainLifecycleStage.SetupState + 1, _ => Log.PreOnActivate());
        lifecycle.Subscribe(
            "PostOnActivate", GrainLifecycleStage.Activate, _ => Log.PostOnActivate(), _ => Log.PostOnDeactivate());
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken) => base.OnActivateAsync(cancellationToken);

    void ILogViewAdaptorHost<TGrainState, TEventBase>.UpdateView(TGrainState view, TEventBase entry) => TransitionState(view, entry);

    void ILogViewAdaptorHost<TGrainState, TEventBase>.OnViewChanged(bool tentative, bool confirmed)
    {
        if (tentative)
        {
            OnTentativeStateChanged();
        }

        if (confirmed)
        {
            OnStateChanged();
        }
    }

    void IConnectionIssueListener.OnConnectionIssue(ConnectionIssue connectionIssue) => OnConnectionIssue(connectionIssue);

    void IConnectionIssueListener.OnConnectionIssueResolved(ConnectionIssue connectionIssue) =>
        OnConnectionIssueResolved(connectionIssue);

    /// <summary>Raises an event; it counts for the tentative state at once.</summary>
    protected virtual void RaiseEvent<TEvent>(TEvent @event)
        where TEvent : TEventBase => Log.Submit(@event);

    /// <summary>Raises events that are confirmed together.</summary>
    protected virtual void RaiseEvents<TEvent>(IEnumerable<TEvent> events)
        where TEvent : TEventBase => Log.SubmitRange((IEnumerable<TEventBase>)events);

    /// <summary>Raises an event unless the log has moved on; whether it was raised.</summary>
    protected virtual Task<bool> RaiseConditionalEvent<TEvent>(TEvent @event)
        where TEvent : TEventBase => Log.TryAppend(@event);

    /// <summary>Raises events unless the log has moved on; whether they were raised.</summary>
    protected virtual Task<bool> RaiseConditionalEvents<TEvent>(IEnumerable<TEvent> events)
        where TEvent : TEventBase => Log.TryAppendRange((IEnumerable<TEventBase>)events);

    /// <summary>Waits until the events raised so far are confirmed.</summary>
    protected Task ConfirmEvents() => Log.ConfirmSubmittedEntries();

    /// <summary>Gets what others have appended, and confirms what was raised.</summary>
    protected Task RefreshNow() => Log.Synchronize();

    /// <summary>Confirmed events from one version to another.</summary>
    protected Task<IReadOnlyList<TEventBase>> RetrieveConfirmedEvents(int fromVersion, int toVersion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(toVersion, fromVersion);
        return Log.RetrieveLogSegment(fromVersion, toVersion);
    }

    /// <summary>Forgets all events.</summary>
    protected Task ClearLogAsync(CancellationToken cancellationToken = default) => Log.ClearLogAsync(cancellationToken);

    /// <summary>Begins to count what the log does.</summary>
    protected void EnableStatsCollection() => Log.EnableStatsCollection();

    /// <summary>Stops counting.</summary>
    protected void DisableStatsCollection() => Log.DisableStatsCollection();

    /// <summary>What the log did, or null when it is not counted.</summary>
    protected LogConsistencyStatistics? GetStats() => Log.GetStats();

    /// <summary>Applies an event to a state: calls the state's method Apply with it unless this is overridden.</summary>
    protected virtual void TransitionState(TGrainState state, TEventBase @event) => ((dynamic)state).Apply((dynamic)@event);

    /// <summary>The confirmed state has changed.</summary>
    protected virtual void OnStateChanged()
    {
    }

    /// <summary>The tentative state has changed.</summary>
    protected virtual void OnTentativeStateChanged()
    {
    }

    /// <summary>The store of the log is in trouble.</summary>
    protected virtual void OnConnectionIssue(ConnectionIssue issue)
    {
    }

    /// <summary>The trouble with the store is over.</summary>
    protected virtual void OnConnectionIssueResolved(ConnectionIssue issue)
    {
    }

    /// <inheritdoc />
    protected override void InstallAdaptor(
        ILogViewAdaptorFactory factory,
        object initialState,
        string graintypename,
        IGrainStorage? grainStorage,
        ILogConsistencyProtocolServices services) =>
        _log = factory.MakeLogViewAdaptor<TGrainState, TEventBase>(
            this, (TGrainState)initialState, graintypename, grainStorage, services);
}
