using Orleans;
using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>Activation and deactivation, both in turns of the grain.</summary>
internal sealed partial class Activation
{
    private DeactivationReason _reason;
    private List<IDisposable>? _timers;
    private bool _ended;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) =>
        RequestEnd(deactivationReason, onlyIfIdle: false);

    /// <summary>False when the grain is not idle any more, or ends already.</summary>
    public bool DeactivateIfIdle() =>
        RequestEnd(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Idle for too long"), onlyIfIdle: true);

    /// <summary>Makes the grain and activates it. Failures are given to the calls that wait.</summary>
    public async Task Activate()
    {
        using var limit = new CancellationTokenSource(_runtime.Collection.ActivationTimeout, _runtime.Time);
        try
        {
            GrainInstance = Make();
            (GrainInstance as ILifecycleParticipant<IGrainLifecycle>)?.Participate(ObservableLifecycle);
            if (_lifecycle is not null)
            {
                await _lifecycle.Start(limit.Token);
            }

            await ((IGrainBase)GrainInstance).OnActivateAsync(limit.Token);
            Scheduler.BecomeActive();
        }
        catch (Exception failure)
        {
            LogFailure(failure);
            var waiting = await Leave();
            foreach (var request in waiting)
            {
                request.TryFail(failure);
            }
        }
    }

    /// <summary>Deactivates the grain and passes on the calls that still wait.</summary>
    public async Task End()
    {
        StopTimers();
        var limit = _runtime.Collection.DeactivationTimeout;
        using var cancellation = new CancellationTokenSource(limit, _runtime.Time);
        await Attempt(() => ((IGrainBase)GrainInstance!).OnDeactivateAsync(_reason, cancellation.Token), limit);
        if (_lifecycle is not null)
        {
            await Attempt(() => _lifecycle.Stop(cancellation.Token), limit);
        }

        foreach (var request in (await Leave()).Where(request => request.OutlivesActivation))
        {
            _runtime.Deliver(GrainId, request);
        }
    }

    /// <summary>Ends the grain without a word to it, as the end of its machine would. Callers are told.</summary>
    public void Kill()
    {
        // Out of the directory first, so that a call which finds it dead finds the next activation when it looks again.
        _runtime.Catalog.Remove(this);
        foreach (var request in Scheduler.Kill())
        {
            request.TryFail(new SiloUnavailableException($"The silo of {GrainId} has died; whether {request} took effect is not known"));
        }

        StopTimers();
        SetDeactivated();
    }

    /// <summary>Ties something that has to be disposed to the end of the activation. False when it has ended already.</summary>
    public bool TryAddTimer(IDisposable timer)
    {
        lock (this)
        {
            if (_ended)
            {
                return false;
            }

            (_timers ??= []).Add(timer);
            return true;
        }
    }

    public void RemoveTimer(IDisposable timer)
    {
        lock (this)
        {
            _timers?.Remove(timer);
        }
    }

    private bool RequestEnd(DeactivationReason reason, bool onlyIfIdle)
    {
        var previous = _reason;
        _reason = reason;
        var requested = Scheduler.TryRequestEnd(onlyIfIdle);
        if (!requested)
        {
            _reason = previous;
        }
        else if (_timers is not null)
        {
            // A tick that runs may wait for its own cancellation, and the end waits for the tick.
            new Task(DisposeTimers).Start(Scheduler);
        }

        return requested;
    }

    private object Make()
    {
        try
        {
            return Class.Create(this);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{Class.Type} cannot be made: {exception.Message}", exception);
        }
    }

    private void LogFailure(Exception failure)
    {
        if (_runtime.IsCutOff(failure))
        {
            _runtime.Log.CutOff(failure, GrainId);
        }
        else
        {
            _runtime.Log.ActivationFailed(failure, GrainId);
        }
    }

    // From here on the next activation of this grain may begin.
    private async Task<GrainRequest[]> Leave()
    {
        StopTimers();
        if (GrainInstance is IAsyncDisposable or IDisposable)
        {
            await Attempt(() => DisposeGrain(GrainInstance), _runtime.Collection.DeactivationTimeout);
        }

        if (_scope is { } scope)
        {
            await Attempt(() => scope.DisposeAsync().AsTask(), _runtime.Collection.DeactivationTimeout);
        }

        _runtime.Catalog.Remove(this);
        var waiting = Scheduler.End();
        // A directory can give it to the catalog after it has ended.
        if (_runtime.Cluster is not null)
        {
            _runtime.Catalog.Remove(this);
        }

        SetDeactivated();
        return waiting;
    }

    private void SetDeactivated() => LazyInitializer.EnsureInitialized(ref _deactivated, NewCompletion).TrySetResult();

    private void StopTimers()
    {
        lock (this)
        {
            _ended = true;
        }

        DisposeTimers();
    }

    private void DisposeTimers()
    {
        List<IDisposable>? timers;
        lock (this)
        {
            timers = _timers;
            _timers = null;
        }

        timers?.ForEach(timer => timer.Dispose());
    }

    private async Task Attempt(Func<Task> step, TimeSpan limit)
    {
        try
        {
            await step().WaitAsync(limit, _runtime.Time);
        }
        catch (Exception exception)
        {
            _runtime.Log.DeactivationFailed(exception, GrainId);
        }
    }

    private static Task DisposeGrain(object grain)
    {
        if (grain is IAsyncDisposable asyncDisposable)
        {
            return asyncDisposable.DisposeAsync().AsTask();
        }

        ((IDisposable)grain).Dispose();
        return Task.CompletedTask;
    }
}
