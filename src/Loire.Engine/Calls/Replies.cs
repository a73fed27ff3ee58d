using System.Threading.Tasks.Sources;

namespace Loire.Engine;

/// <summary>Stands for the result of a method that returns none.</summary>
public readonly record struct Nothing;

/// <summary>A call whose caller awaits a <see cref="Task"/>.</summary>
public abstract class TaskReply<T> : GrainRequest
{
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Reply => _reply.Task;

    internal override void TryFail(Exception exception)
    {
        OnReplied();
        if (exception is OperationCanceledException cancelled)
        {
            _reply.TrySetCanceled(cancelled.CancellationToken);
        }
        else
        {
            _reply.TrySetException(exception);
        }
    }

    internal override void Succeed(object? result) => Succeed((T)result!);

    private protected void Succeed(T result)
    {
        OnReplied();
        _reply.TrySetResult(result);
    }
}

/// <summary>A call whose caller awaits a <see cref="ValueTask"/>: the request itself is what is awaited.</summary>
public abstract class ValueTaskReply<T> : GrainRequest, IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _reply = new() { RunContinuationsAsynchronously = true };
    private int _replied;

    internal ValueTask<T> Reply => new(this, _reply.Version);

    internal ValueTask ReplyOfNothing => new(this, _reply.Version);

    T IValueTaskSource<T>.GetResult(short token) => _reply.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _reply.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _reply.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _reply.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reply.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reply.OnCompleted(continuation, state, token, flags);

    internal override void TryFail(Exception exception)
    {
        if (IsFirst())
        {
            OnReplied();
            _reply.SetException(exception);
        }
    }

    internal override void Succeed(object? result) => Succeed((T)result!);

    private protected void Succeed(T result)
    {
        if (IsFirst())
        {
            OnReplied();
            _reply.SetResult(result);
        }
    }

    // A call can end after its caller has been told that it timed out.
    private bool IsFirst() => Interlocked.Exchange(ref _replied, 1) == 0;
}
