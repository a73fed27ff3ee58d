namespace Loire.Subscriptions;

/// <summary>Callers that wait for a position. Used by one grain, so it needs no lock.</summary>
internal sealed class PositionWaiters(int capacity, TimeProvider time)
{
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    /// <returns><see langword="false"/> when the position was not reached in time, or too many callers are waiting already.</returns>
    public async Task<bool> Wait(long position, TimeSpan timeout)
    {
        if (_waiting.Count >= capacity)
        {
            return false;
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(waiter, position);
        try
        {
            await waiter.Task.WaitAsync(timeout, time);
            return true;
        }
        catch (TimeoutException)
        {
            _waiting.Remove(waiter, out _, out _);
            return false;
        }
    }

    public void Reached(long position)
    {
        while (_waiting.TryPeek(out _, out var wanted) && wanted <= position)
        {
            _waiting.Dequeue().TrySetResult();
        }
    }
}
