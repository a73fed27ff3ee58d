namespace Loire.EventLog.Sqlite;

/// <summary>A snapshot on its way through the writer. No commit is made for its sake while appends come in.</summary>
internal sealed class SnapshotItem(Snapshot snapshot, long bytes) : WriteItem<bool>
{
    private bool _kept;

    public override int Rows => 1;

    public override long Bytes => bytes;

    public override bool Urgent => false;

    protected override bool Outcome => _kept;

    public override void Carry(WriterSession session) => _kept = SnapshotTable.Save(session.Connection, snapshot);

    // If it is there, it may have been there before: that tells nothing of this commit.
    public override bool? IsOnDisk(Connection connection) =>
        _kept && !SnapshotTable.Holds(connection, snapshot) ? false : null;
}
