namespace Loire.EventLog;

/// <summary>The position of the last committed event, and the wake-up of those who wait for the next.</summary>
/// <param name="continuations">How those who wait go on: by default never on the stack of whoever raises the position.</param>
internal sealed class HeadSignal(TaskCreationOptions continuations = TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly Lock gate = new();
    private long head;
    private bool closed;
    private TaskCompletionSource? moved;

    public long Head => Volatile.Read(ref head);

    public void Raise(long position)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            if (position <= head)
            {
                return;
            }

            Volatile.Write(ref head, position);
            (waiting, moved) = (moved, null);
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
        lock (gate)
        {
            closed = true;
            waiting = moved;
        }

        waiting?.SetResult();
    }

    private bool IsBeyond(long position, out Task next)
    {
        lock (gate)
        {
            if (head > position)
            {
                next = Task.CompletedTask;
                return true;
            }

            if (closed)
            {
                throw new StoreUnavailableException("The store is closed.");
            }

            moved ??= new TaskCompletionSource(continuations);
            next = moved.Task;
            return false;
        }
    }
}
