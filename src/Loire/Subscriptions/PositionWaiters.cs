namespace Loire.Subscriptions;

/// <summary>Callers that wait for a position. Used by one grain, so it needs no lock.</summary>
internal sealed class PositionWaiters(int capacity)
{
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    /// <exception cref="InvalidOperationException">Too many callers are waiting.</exception>
    public Task Wait(long position)
    {
        if (_waiting.Count >= capacity)
        {
            throw new InvalidOperationException($"More than {capacity} callers wait for a position.");
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(waiter, position);
        return waiter.Task;
    }

    public void Reached(long position)
    {
        while (_waiting.TryPeek(out _, out var wanted) && wanted <= position)
        {
            _waiting.Dequeue().TrySetResult();
        }
    }
}
