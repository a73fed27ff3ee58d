namespace Loire.EventLog;

/// <summary>Something that waits for the writer of a store.</summary>
internal abstract class QueueItem
{
    /// <summary>How many rows it writes, about.</summary>
    public abstract int Rows { get; }

    /// <summary>How many bytes it writes, about.</summary>
    public abstract long Bytes { get; }

    /// <summary>Whether a commit is made for its sake at once; what is not urgent rides along with what is.</summary>
    public abstract bool Urgent { get; }

    /// <summary>When it came into the queue, as a time stamp of the queue's clock.</summary>
    public long QueuedAt { get; set; }

    public abstract void Fail(Exception reason);
}

/// <summary>What may wait for a writer, and share a commit.</summary>
/// <param name="Length">At most so many items wait.</param>
/// <param name="Bytes">At most so many bytes wait; one item may exceed it when nothing else waits.</param>
/// <param name="Patience">How long an item waits before it is refused.</param>
/// <param name="BatchRows">At most so many rows share a commit; one item may exceed it.</param>
/// <param name="BatchBytes">At most so many bytes share a commit; one item may exceed it.</param>
internal sealed record QueueLimits(int Length, long Bytes, TimeSpan Patience, int BatchRows, long BatchBytes);
