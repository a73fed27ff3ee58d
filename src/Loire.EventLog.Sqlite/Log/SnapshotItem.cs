namespace Loire.EventLog.Sqlite;

/// <summary>A snapshot on its way through the writer. No commit is made for its sake while appends come in.</summary>
internal sealed class SnapshotItem(Snapshot snapshot, long bytes) : WriteItem<bool>
{
    private bool kept;

    public override int Rows => 1;

    public override long Bytes => bytes;

    public override bool Urgent => false;

    protected override bool Outcome => kept;

    public override void Carry(WriterSession session) => kept = SnapshotTable.Save(session.Connection, snapshot);

    // If it is there, it may have been there before: that tells nothing of this commit.
    public override bool? IsOnDisk(Connection connection) =>
        kept && !SnapshotTable.Holds(connection, snapshot) ? false : null;
}
