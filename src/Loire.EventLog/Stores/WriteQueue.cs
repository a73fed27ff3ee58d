using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Loire.EventLog;

/// <summary>
/// What waits for the writer: bounded in number, in bytes and in time. Urgent items come first and in order; the others
/// ride along, or go by themselves when nothing urgent has been taken for <see cref="Linger"/>. A large one among them never
/// rides along, so that nothing urgent waits for its rows but what comes while they are written: it goes in the turn after.
/// </summary>
internal sealed class WriteQueue<TItem>
    where TItem : QueueItem
{
    /// <summary>How long an item that is not urgent waits for one to ride along with.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Queue<TItem> _urgent = [];
    private readonly Queue<TItem> _relaxed = [];
    private readonly QueueLimits _limits;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private long _bytes;
    private long _lastUrgent;
    private int _large;
    private bool _largeIsNext;
    private bool _closed;
    private WakeUp _wakeUp;

    // What ends the writer's wait, if it waits.
    private enum WakeUp
    {
        None,
        Urgent,
        Any,
    }

    public WriteQueue(QueueLimits limits, TimeProvider time)
    {
        _limits = limits;
        _time = time;
        var every = limits.Patience / 10;
        _sweep = time.CreateTimer(_ => RefuseOverdue(), state: null, every, every);
    }

    /// <summary>Takes an item, or fails it at once when the queue is full or the store is closed.</summary>
    public void Add(TItem item)
    {
        if (!TryAdd(item, out var refusal))
        {
            item.Fail(new StoreUnavailableException(refusal));
        }
    }

    public bool TryAdd(TItem item, [NotNullWhen(false)] out string? refusal)
    {
        bool wake;
        lock (_gate)
        {
            refusal = Refusal(item);
            if (refusal is not null)
            {
                return false;
            }

            item.QueuedAt = _time.GetTimestamp();
            _bytes += item.Bytes;
            (item.Urgent ? _urgent : _relaxed).Enqueue(item);
            _large += IsLarge(item) ? 1 : 0;
            wake = _wakeUp == WakeUp.Any || (_wakeUp == WakeUp.Urgent && (item.Urgent || IsLarge(item)));
            _wakeUp = wake ? WakeUp.None : _wakeUp;
        }

        if (wake)
        {
            _arrived.Release();
        }

        return true;
    }

    /// <summary>Waits until there is something to do and takes it, up to the limits of a batch.</summary>
    /// <returns><see langword="false"/> when the queue is closed and empty.</returns>
    public bool Take(List<TItem> batch)
    {
        while (true)
        {
            if (TryTake(batch, out var patience) is { } taken)
            {
                return taken;
            }

            _arrived.Wait(patience);
        }
    }

    /// <summary>As <see cref="Take"/>, without a thread that waits.</summary>
    public async Task<bool> TakeAsync(List<TItem> batch)
    {
        while (true)
        {
            if (TryTake(batch, out var patience) is { } taken)
            {
                return taken;
            }

            await _arrived.WaitAsync(patience);
        }
    }

    /// <summary>Takes no more; what waits is still carried out, or refused when it has waited too long.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _arrived.Release();
    }

    /// <returns><see langword="null"/> when there is nothing to do yet, and then how long to wait.</returns>
    private bool? TryTake(List<TItem> batch, out TimeSpan patience)
    {
        patience = default;
        lock (_gate)
        {
            var lingering = Lingering();
            if (_urgent.Count > 0 || _large > 0 || (_relaxed.Count > 0 && (_closed || lingering <= TimeSpan.Zero)))
            {
                Fill(batch);
                return true;
            }

            if (_closed)
            {
                _sweep.Dispose();
                return false;
            }

            (_wakeUp, patience) = lingering > TimeSpan.Zero
                ? (WakeUp.Urgent, lingering)
                : (WakeUp.Any, Timeout.InfiniteTimeSpan);
            return null;
        }
    }

    private string? Refusal(TItem item) =>
        _closed ? "The store is closed."
        : _urgent.Count + _relaxed.Count >= _limits.Length ? $"{_limits.Length} requests are waiting for the store."
        : _bytes > 0 && _bytes + item.Bytes > _limits.Bytes ? $"{_bytes} bytes are waiting for the store."
        : null;

    // Counted from the last urgent item: when none has come for that long, there is nothing to wait for.
    // In whole milliseconds, as the wait is.
    private TimeSpan Lingering() =>
        TimeSpan.FromMilliseconds(Math.Ceiling((Linger - Stopwatch.GetElapsedTime(_lastUrgent)).TotalMilliseconds));

    // More than a tenth of a batch.
    private bool IsLarge(TItem item) => !item.Urgent && item.Rows > _limits.BatchRows / 10;

    private void Fill(List<TItem> batch)
    {
        var rows = 0;
        var size = 0L;
        var largeGoes = _largeIsNext || _urgent.Count == 0;
        if (largeGoes && _relaxed.TryPeek(out var first) && IsLarge(first))
        {
            _largeIsNext = false;
            batch.Add(Dequeue(_relaxed));
            return;
        }

        if (_urgent.Count > 0)
        {
            _lastUrgent = Stopwatch.GetTimestamp();
            Move(_urgent, batch, ref rows, ref size);
        }

        Move(_relaxed, batch, ref rows, ref size);
        _largeIsNext = _relaxed.TryPeek(out var next) && IsLarge(next);
    }

    // However full the batch is, one of each kind goes, so that nothing waits for ever.
    private void Move(Queue<TItem> from, List<TItem> batch, ref int rows, ref long size)
    {
        for (var first = true; from.TryPeek(out var item) && !IsLarge(item); first = false)
        {
            rows += item.Rows;
            size += item.Bytes;
            if (!first && (rows > _limits.BatchRows || size > _limits.BatchBytes))
            {
                return;
            }

            batch.Add(Dequeue(from));
        }
    }

    private TItem Dequeue(Queue<TItem> from)
    {
        var item = from.Dequeue();
        _bytes -= item.Bytes;
        _large -= IsLarge(item) ? 1 : 0;
        return item;
    }

    private void RefuseOverdue()
    {
        List<TItem> overdue = [];
        lock (_gate)
        {
            Remove(_urgent, overdue);
            Remove(_relaxed, overdue);
        }

        foreach (var item in overdue)
        {
            item.Fail(new StoreUnavailableException($"The store did not get to it within {_limits.Patience}."));
        }
    }

    private void Remove(Queue<TItem> from, List<TItem> overdue)
    {
        while (from.TryPeek(out var item) && _time.GetElapsedTime(item.QueuedAt) > _limits.Patience)
        {
            overdue.Add(Dequeue(from));
        }
    }
}
