namespace Loire.EventLog.Sqlite;

/// <summary>Something the writer is to do within a commit that it shares with others.</summary>
internal abstract class WriteItem : QueueItem
{
    /// <summary>Does it, in the writer's open transaction. May be called again when that transaction was rolled back.</summary>
    public abstract void Carry(WriterSession session);

    /// <summary>
    /// Asks the database whether what <see cref="Carry"/> wrote is there; <see langword="null"/> when it wrote nothing.
    /// </summary>
    public abstract bool? IsOnDisk(Connection connection);

    /// <summary>The transaction is on disk: gives the outcome.</summary>
    public abstract void Complete();
}

/// <summary>An item that somebody awaits.</summary>
internal abstract class WriteItem<T> : WriteItem
{
    // Whoever awaits goes on elsewhere, never on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    /// <summary>What <see cref="WriteItem.Carry"/> came to.</summary>
    protected abstract T Outcome { get; }

    public override void Complete() => _done.TrySetResult(Outcome);

    public override void Fail(Exception reason) => _done.TrySetException(reason);

    /// <summary>Puts it into the queue.</summary>
    /// <returns>What becomes of it: refused at once when the queue is full or the store is closed.</returns>
    public Task<T> In(WriteQueue<WriteItem> queue)
    {
        queue.Add(this);
        return Task;
    }
}
