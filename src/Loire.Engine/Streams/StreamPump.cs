using Orleans.Runtime;

namespace Loire.Engine;

/// <summary>
/// Hands the items of one stream to one consumer, one after the other. It lasts while there are items, so idle streams
/// cost nothing. In a cluster its queue is in the memory of one silo: it moves when that silo stops, and is lost when it dies.
/// </summary>
internal sealed class StreamPump(EmbeddedStreamProvider provider, EngineRuntime home, Subscription subscription, TimeSpan deliveryTime)
{
    private const int Capacity = 1_000;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<StreamItem> _items = new();
    private readonly SemaphoreSlim _room = new(Capacity);
    private EngineRuntime _home = home;
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
            if (EndIfLost())
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
            _ = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _home.Background).Unwrap();
        }

        return true;
    }

    private async Task WaitForRoom()
    {
        using var limit = new CancellationTokenSource(_home.ResponseTimeout, _home.Time);
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
                // A queue that is lost is empty.
                _items.TryDequeue(out _);
            }

            _room.Release();
        }
    }

    private StreamItem? Next()
    {
        lock (_gate)
        {
            if (!EndIfLost() && _items.TryPeek(out var item))
            {
                return item;
            }

            _ended = true;
            provider.Remove(this);
            return null;
        }
    }

    // Whoever waits for room finds that this pump has ended.
    private bool EndIfLost()
    {
        if (_home.IsKilled && !_ended)
        {
            _ended = true;
            _items.Clear();
            _room.Release(Capacity);
            provider.Remove(this);
        }

        return _ended;
    }

    // False when the items have nowhere to wait for their delivery.
    private bool HasHome()
    {
        try
        {
            _home = _home.Accepts || _home.IsKilled ? _home : provider.Home(subscription.Stream);
        }
        catch (SiloUnavailableException)
        {
            return false;
        }

        return _home.Accepts;
    }

    private async Task Deliver(StreamItem item)
    {
        var start = _home.Time.GetTimestamp();
        for (var backOff = FirstBackOff; ; backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff)
        {
            try
            {
                await provider.Deliver(subscription, item, _home);
                return;
            }
            catch (Exception exception) when (!HasHome())
            {
                // Streams in memory end with the host, or with the last silo.
                _home.Log.StreamItemLost(exception, subscription.Name, subscription.Stream);
                return;
            }
            catch (Exception exception) when (_home.Time.GetElapsedTime(start) + backOff < deliveryTime)
            {
                _home.Log.StreamDeliveryFailed(exception, subscription.Name, subscription.Stream);
            }
            catch (Exception exception)
            {
                _home.Log.StreamItemSkipped(exception, subscription.Name, subscription.Stream);
                return;
            }

            await Task.Delay(backOff, _home.Time);
        }
    }
}
