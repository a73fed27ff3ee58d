namespace Loire.Engine;

/// <summary>
/// Hands the items of one stream to one consumer, one after the other. It lasts while there are items, so idle streams
/// cost nothing.
/// </summary>
internal sealed class StreamPump(EmbeddedStreamProvider provider, EngineRuntime runtime, Subscription subscription, TimeSpan deliveryTime)
{
    private const int Capacity = 1_000;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<StreamItem> _items = new();
    private readonly SemaphoreSlim _room = new(Capacity);
    private bool _pumping;
    private bool _ended;

    public Subscription Subscription => subscription;

    /// <summary>Queues an item; waits while the queue is full. False when this pump has ended and a new one is needed.</summary>
    /// <exception cref="TimeoutException">The queue stayed full for as long as a call may take.</exception>
    public async Task<bool> Write(StreamItem item)
    {
        if (!_room.Wait(0, CancellationToken.None))
        {
            await WaitForRoom();
        }

        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _items.Enqueue(item);
            if (_pumping)
            {
                return true;
            }

            _pumping = true;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(Pump);
        }

        return true;
    }

    private async Task WaitForRoom()
    {
        using var limit = new CancellationTokenSource(runtime.ResponseTimeout, runtime.Time);
        try
        {
            await _room.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException(
                $"{subscription.Name} has not made room in the queue of stream {subscription.Stream} in time", exception);
        }
    }

    private async Task Pump()
    {
        while (Next() is { } item)
        {
            await Deliver(item);
            lock (_gate)
            {
                _items.Dequeue();
            }

            _room.Release();
        }
    }

    private StreamItem? Next()
    {
        lock (_gate)
        {
            if (_items.TryPeek(out var item))
            {
                return item;
            }

            _ended = true;
            provider.Remove(this);
            return null;
        }
    }

    private async Task Deliver(StreamItem item)
    {
        var start = runtime.Time.GetTimestamp();
        for (var backOff = FirstBackOff; ; backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff)
        {
            try
            {
                await provider.Deliver(subscription, item);
                return;
            }
            catch (Exception exception) when (!runtime.Accepts)
            {
                // Streams in memory end with the host.
                runtime.Log.StreamItemLost(exception, subscription.Name, subscription.Stream);
                return;
            }
            catch (Exception exception) when (runtime.Time.GetElapsedTime(start) + backOff < deliveryTime)
            {
                runtime.Log.StreamDeliveryFailed(exception, subscription.Name, subscription.Stream);
            }
            catch (Exception exception)
            {
                runtime.Log.StreamItemSkipped(exception, subscription.Name, subscription.Stream);
                return;
            }

            await Task.Delay(backOff, runtime.Time);
        }
    }
}
