namespace Loire.EventLog;

/// <summary>The position of the last committed event, and the wake-up of those who wait for the next.</summary>
/// <param name="continuations">How those who wait go on: by default never on the stack of whoever raises the position.</param>
internal sealed class HeadSignal(TaskCreationOptions continuations = TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly Lock _gate = new();
    private long _head;
    private bool _closed;
    private TaskCompletionSource? _moved;

    public long Head => Volatile.Read(ref _head);

    public void Raise(long position)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (position <= _head)
            {
                return;
            }

            Volatile.Write(ref _head, position);
            (waiting, _moved) = (_moved, null);
        }

        waiting?.SetResult();
    }

    public async Task WaitBeyond(long position, CancellationToken cancellation)
    {
        while (!IsBeyond(position, out var next))
        {
            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>Whoever waits, and whoever comes later, is told that the store is closed.</summary>
    public void Close()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _closed = true;
            waiting = _moved;
        }

        waiting?.SetResult();
    }

    private bool IsBeyond(long position, out Task next)
    {
        lock (_gate)
        {
            if (_head > position)
            {
                next = Task.CompletedTask;
                return true;
            }

            if (_closed)
            {
                throw new StoreUnavailableException("The store is closed.");
            }

            _moved ??= new TaskCompletionSource(continuations);
            next = _moved.Task;
            return false;
        }
    }
}
