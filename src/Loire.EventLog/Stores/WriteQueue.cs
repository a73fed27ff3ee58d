using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Loire.EventLog;

/// <summary>
/// What waits for the writer: bounded in number, in bytes and in time. Urgent items come first and in order; the others
/// ride along, or go by themselves when nothing urgent has been taken for <see cref="Linger"/>.
/// </summary>
internal sealed class WriteQueue<TItem>
    where TItem : QueueItem
{
    /// <summary>How long an item that is not urgent waits for one to ride along with.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Queue<TItem> urgent = [];
    private readonly Queue<TItem> relaxed = [];
    private readonly QueueLimits limits;
    private readonly TimeProvider time;
    private readonly ITimer sweep;
    private long bytes;
    private long lastUrgent;
    private bool closed;
    private WakeUp wakeUp;

    // What ends the writer's wait, if it waits.
    private enum WakeUp
    {
        None,
        Urgent,
        Any,
    }

    public WriteQueue(QueueLimits limits, TimeProvider time)
    {
        this.limits = limits;
        this.time = time;
        var every = limits.Patience / 10;
        sweep = time.CreateTimer(_ => RefuseOverdue(), state: null, every, every);
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
        lock (gate)
        {
            refusal = Refusal(item);
            if (refusal is not null)
            {
                return false;
            }

            item.QueuedAt = time.GetTimestamp();
            bytes += item.Bytes;
            (item.Urgent ? urgent : relaxed).Enqueue(item);
            wake = wakeUp == WakeUp.Any || (wakeUp == WakeUp.Urgent && item.Urgent);
            wakeUp = wake ? WakeUp.None : wakeUp;
        }

        if (wake)
        {
            arrived.Release();
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

            arrived.Wait(patience);
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

            await arrived.WaitAsync(patience);
        }
    }

    /// <summary>Takes no more; what waits is still carried out, or refused when it has waited too long.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }

        arrived.Release();
    }

    /// <returns><see langword="null"/> when there is nothing to do yet, and then how long to wait.</returns>
    private bool? TryTake(List<TItem> batch, out TimeSpan patience)
    {
        patience = default;
        lock (gate)
        {
            var lingering = Lingering();
            if (urgent.Count > 0 || (relaxed.Count > 0 && (closed || lingering <= TimeSpan.Zero)))
            {
                Fill(batch);
                return true;
            }

            if (closed)
            {
                sweep.Dispose();
                return false;
            }

            (wakeUp, patience) = lingering > TimeSpan.Zero
                ? (WakeUp.Urgent, lingering)
                : (WakeUp.Any, Timeout.InfiniteTimeSpan);
            return null;
        }
    }

    private string? Refusal(TItem item) =>
        closed ? "The store is closed."
        : urgent.Count + relaxed.Count >= limits.Length ? $"{limits.Length} requests are waiting for the store."
        : bytes > 0 && bytes + item.Bytes > limits.Bytes ? $"{bytes} bytes are waiting for the store."
        : null;

    // Counted from the last urgent item: when none has come for that long, there is nothing to wait for.
    // In whole milliseconds, as the wait is.
    private TimeSpan Lingering() =>
        TimeSpan.FromMilliseconds(Math.Ceiling((Linger - Stopwatch.GetElapsedTime(lastUrgent)).TotalMilliseconds));

    private void Fill(List<TItem> batch)
    {
        var rows = 0;
        var size = 0L;
        if (urgent.Count > 0)
        {
            lastUrgent = Stopwatch.GetTimestamp();
            Move(urgent, batch, ref rows, ref size);
        }

        Move(relaxed, batch, ref rows, ref size);
    }

    // However full the batch is, one of each kind goes, so that nothing waits for ever.
    private void Move(Queue<TItem> from, List<TItem> batch, ref int rows, ref long size)
    {
        for (var first = true; from.TryPeek(out var item); first = false)
        {
            rows += item.Rows;
            size += item.Bytes;
            if (!first && (rows > limits.BatchRows || size > limits.BatchBytes))
            {
                return;
            }

            bytes -= item.Bytes;
            batch.Add(from.Dequeue());
        }
    }

    private void RefuseOverdue()
    {
        List<TItem> overdue = [];
        lock (gate)
        {
            Remove(urgent, overdue);
            Remove(relaxed, overdue);
        }

        foreach (var item in overdue)
        {
            item.Fail(new StoreUnavailableException($"The store did not get to it within {limits.Patience}."));
        }
    }

    private void Remove(Queue<TItem> from, List<TItem> overdue)
    {
        while (from.TryPeek(out var item) && time.GetElapsedTime(item.QueuedAt) > limits.Patience)
        {
            bytes -= item.Bytes;
            overdue.Add(from.Dequeue());
        }
    }
}
