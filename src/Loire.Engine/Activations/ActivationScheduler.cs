using Orleans.Runtime;

namespace Loire.Engine;

internal enum Phase : sbyte
{
    // The order lets one comparison ask for two of them.
    Ended = -2,
    Killed = -1,
    New = 0,
    Activating,
    Active,
    Deactivating,
}

/// <summary>
/// Runs the turns of one activation one at a time: continuations of calls that go on, and new calls as far as they may
/// interleave. While a turn runs this is <see cref="TaskScheduler.Current"/>, so awaits come back here.
/// </summary>
internal sealed partial class ActivationScheduler(Activation activation, EngineRuntime runtime) : TaskScheduler, IThreadPoolWorkItem
{
    // So many turns in a row, then others get the thread.
    private const int DefaultTurnsPerBurst = 256;

    [ThreadStatic]
    private static ActivationScheduler? s_running;

    private readonly Lock _gate = new();
    private Queue<Task>? _turns;
    private RequestList _waiting;
    private RequestList _running;
    private List<Guid>? _callChains;
    private int _runningAlone;
    private int _runningReadOnly;
    private bool _scheduled;
    private bool _watched;
    private bool _endRequested;
    private bool _mayOvertake;
    private Phase _phase;

    public Activation Activation => activation;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _phase == Phase.Active && HasNothingToDo;
            }
        }
    }

    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _phase < Phase.New;
            }
        }
    }

    private bool HasNothingToDo => _running.Count == 0 && _waiting.Count == 0 && _turns is not { Count: > 0 };

    /// <summary>Queues a call. False when the activation has ended and the next one has to take it.</summary>
    public bool TryEnqueue(GrainRequest request)
    {
        bool schedule;
        lock (_gate)
        {
            if (_phase < Phase.New)
            {
                return false;
            }

            if (_waiting.Count >= runtime.MailboxLimit)
            {
                request.TryFail(new LimitExceededException(
                    "Requests that wait", _waiting.Count, runtime.MailboxLimit, activation.GrainId.ToString()));
                return true;
            }

            request.Interleaves = MayAlwaysInterleave(request);
            _waiting.Add(request);
            _mayOvertake |= request.Interleaves || activation.Class.HasInterleavingPredicate;
            Watch();
            schedule = !_scheduled && MayHaveSomethingToStart;
            _scheduled |= schedule;
        }

        if (schedule)
        {
            Dispatch(preferLocal: true);
        }

        return true;
    }

    /// <summary>Ends a call that did not end when it was started; this is called in a turn.</summary>
    public void OnRequestEnded(GrainRequest request)
    {
        lock (_gate)
        {
            EndRunning(request);
        }
    }

    /// <summary>Asks for deactivation as soon as nothing runs. False when it was asked for already.</summary>
    public bool TryRequestEnd(bool onlyIfIdle)
    {
        lock (_gate)
        {
            if (_endRequested || _phase is Phase.Ended or Phase.Killed or Phase.Deactivating || (onlyIfIdle && !(_phase == Phase.Active && HasNothingToDo)))
            {
                return false;
            }

            _endRequested = true;
            ScheduleIfNeeded();
            return true;
        }
    }

    public void EnterCallChain(Guid chain)
    {
        lock (_gate)
        {
            (_callChains ??= []).Add(chain);
        }
    }

    public void LeaveCallChain(Guid chain)
    {
        lock (_gate)
        {
            _callChains?.Remove(chain);
        }
    }

    /// <summary>Activation is over: calls run from now on.</summary>
    public void BecomeActive()
    {
        lock (_gate)
        {
            // A silo may have been killed meanwhile.
            _phase = _phase == Phase.Activating ? Phase.Active : _phase;
        }
    }

    /// <summary>The activation has ended. Gives back the calls that nobody has started.</summary>
    public GrainRequest[] End()
    {
        lock (_gate)
        {
            _phase = _phase == Phase.Killed ? Phase.Killed : Phase.Ended;
            return _waiting.Drain();
        }
    }

    /// <summary>Runs no turn after the one that runs now. Gives back all calls that have not ended.</summary>
    public GrainRequest[] Kill()
    {
        lock (_gate)
        {
            if (_phase == Phase.Killed)
            {
                return [];
            }

            _phase = Phase.Killed;
            // Nothing is ever scheduled again.
            _scheduled = true;
            return [.. _waiting.Drain(), .. _running.ToArray()];
        }
    }

    // While turns run nobody needs to be woken: they look at the queues before they end.
    private void ScheduleIfNeeded()
    {
        if (!_scheduled)
        {
            _scheduled = true;
            Dispatch(preferLocal: true);
        }
    }

    private void Dispatch(bool preferLocal)
    {
        if (runtime.Control is { } control)
        {
            control.Dispatch(this, activation.GrainId);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal);
        }
    }

    private void Watch()
    {
        if (!_watched)
        {
            _watched = true;
            runtime.Deadlines.Watch(this);
        }
    }
}
