namespace Loire.EventLog.Sqlite;

/// <summary>Removes some expired receipts, and comes again at once when there may be more.</summary>
internal sealed class PurgeReceipts(WriteQueue<WriteItem> queue) : WriteItem
{
    private const int Step = 500;

    private int _removed;

    public override int Rows => Step;

    public override long Bytes => 0;

    public override bool Urgent => false;

    public override void Carry(WriterSession session) => _removed = ReceiptTable.Purge(session.Connection, session.Now, Step);

    // Nobody waits for it, and it makes no difference: what is left comes next time.
    public override bool? IsOnDisk(Connection connection) => null;

    public override void Complete()
    {
        if (_removed == Step)
        {
            Schedule(queue);
        }
    }

    public override void Fail(Exception reason)
    {
        // The next one tries again, and whatever fails here fails for those who append, who are told.
    }

    /// <summary>Puts a purge into the queue; when that is full, the next time will do.</summary>
    public static void Schedule(WriteQueue<WriteItem> queue) => queue.TryAdd(new PurgeReceipts(queue), out _);
}
