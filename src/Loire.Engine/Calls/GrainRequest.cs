using System.Collections.Immutable;
using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Loire.Engine;

/// <summary>
/// One call on its way: the arguments, and the promise of the reply. It is its own entry in the queue of the activation,
/// so a call costs one object besides the task that the caller awaits.
/// </summary>
public abstract class GrainRequest : IInvokable
{
    internal GrainRequest? Next;
    internal GrainRequest? Previous;
    internal long Deadline;
    internal ImmutableDictionary<string, object>? Context;
    internal GrainReference? Reference;
    internal Activation? Target;
    internal bool Interleaves;
    internal bool RunsAlone;
    internal Guid CallChain;
    internal IGrainContext? Source;
    private Task? _pending;
    private CallCancellation? _cancellation;

    /// <summary>The method that is called.</summary>
    public abstract GrainMethod Method { get; }

    /// <summary>The first argument that is a token, of methods that have one.</summary>
    protected internal virtual CancellationToken Cancellation
    {
        get => CancellationToken.None;
        set => throw new NotSupportedException($"{Method} takes no token");
    }

    internal virtual bool AlwaysInterleaves => Method.AlwaysInterleave;

    internal virtual bool ReadOnly => Method.ReadOnly;

    internal virtual bool RefreshesIdleness => true;

    internal virtual bool OutlivesActivation => true;

    /// <inheritdoc />
    public virtual int GetArgumentCount() => 0;

    /// <inheritdoc />
    public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc />
    public virtual void SetArgument(int index, object? value) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc />
    public string GetMethodName() => Method.Name;

    /// <inheritdoc />
    public string GetInterfaceName() => Method.Interface.FullName ?? Method.Interface.Name;

    /// <inheritdoc />
    public Type GetInterfaceType() => Method.Interface;

    /// <inheritdoc />
    public MethodInfo GetMethod() => Method.Info;

    /// <inheritdoc />
    public object? GetTarget() => Target?.GrainInstance;

    /// <inheritdoc />
    public override string ToString() => $"{Method} of {Reference?.GrainId.ToString() ?? Target?.GrainId.ToString()}";

    /// <summary>Calls the grain in a turn of its activation. True when the call is over, false when it goes on.</summary>
    internal bool Start(Activation activation)
    {
        Target = activation;
        if (_cancellation is not null && IsCancelled())
        {
            return true;
        }

        try
        {
            var pending = activation.Class.Filters is { } filters
                ? filters.Invoke(this, activation)
                : Begin(activation.GrainInstance!);
            if (pending is null)
            {
                return true;
            }

            if (!pending.IsCompleted)
            {
                _pending = pending;
                // The awaiter brings the continuation back into a turn of this activation.
                pending.GetAwaiter().UnsafeOnCompleted(OnCompleted);
                return false;
            }

            Finish(pending);
        }
        catch (Exception exception)
        {
            TryFail(exception);
        }

        return true;
    }

    /// <summary>Lets the caller's token end the call, where there is one. False when it has done so already.</summary>
    internal bool TryWatchCaller(EngineRuntime runtime)
    {
        var caller = Cancellation;
        return !(caller.CanBeCanceled || (runtime.CancelsOnTimeout && Method.TakesToken)) || TryWatch(caller);
    }

    /// <summary>The caller has waited for long enough.</summary>
    internal void TimeOut()
    {
        TryFail(new TimeoutException($"The call {this} got no reply in time"));
        if (_cancellation is not null && Reference is { Runtime.CancelsOnTimeout: true })
        {
            _cancellation.CancelCallee();
        }
    }

    private bool TryWatch(CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
        {
            TryFail(new OperationCanceledException(caller));
            return false;
        }

        _cancellation = new CallCancellation(this, caller);
        Cancellation = _cancellation.Token;
        _cancellation.Watch();
        return true;
    }

    internal abstract void TryFail(Exception exception);

    /// <summary>The reply is given.</summary>
    private protected void OnReplied() => _cancellation?.Forget();

    /// <summary>Calls the grain; null when the call has succeeded already and the reply is given.</summary>
    private protected abstract Task? Begin(object grain);

    /// <summary>Gives the reply from a call that has succeeded.</summary>
    private protected abstract void Succeed(Task call);

    /// <summary>Calls the grain for filters, which see any result as an object.</summary>
    internal abstract ValueTask<object?> CallBoxed(object grain);

    /// <summary>Gives the reply that filters have left.</summary>
    internal abstract void Succeed(object? result);

    private bool IsCancelled()
    {
        // The target is set before this looks at the token, and the token before cancelling looks at the target: so
        // either the call does not begin, or the callee is told.
        Interlocked.MemoryBarrier();
        return _cancellation!.IsCancelled;
    }

    private void OnCompleted()
    {
        Finish(_pending!);
        Target!.Scheduler.OnRequestEnded(this);
    }

    private void Finish(Task call)
    {
        if (!call.IsCompletedSuccessfully)
        {
            TryFail(Failures.Of(call));
        }
        else if (Target!.Class.Filters is null)
        {
            // Filters have given the reply themselves.
            Succeed(call);
        }
    }
}
