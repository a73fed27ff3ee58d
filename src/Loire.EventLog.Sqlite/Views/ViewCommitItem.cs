using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>A move of a checkpoint with the changes that go with it, on its way through the writer.</summary>
internal sealed class ViewCommitItem(CheckpointMove move, IReadOnlyList<DocumentChange> changes, long bytes) : WriteItem<bool>
{
    private bool moved;

    public override int Rows => changes.Count + 1;

    public override long Bytes => bytes;

    public override bool Urgent => false;

    protected override bool Outcome => moved;

    public override void Carry(WriterSession session)
    {
        var connection = session.Connection;
        moved = CheckpointTable.Read(connection, move.Subscription, move.Partition) == move.From;
        if (!moved)
        {
            return;
        }

        foreach (var change in changes)
        {
            Apply(connection, change);
        }

        CheckpointTable.Write(connection, move.Subscription, move.Partition, move.To);
    }

    // Only the writer moves checkpoints. Where one stays, the documents tell: unless they are as they should be anyway.
    public override bool? IsOnDisk(Connection connection) =>
        !moved ? null
        : move.From != move.To ? CheckpointTable.Read(connection, move.Subscription, move.Partition) == move.To
        : AreThere(connection) ? null : false;

    private bool AreThere(Connection connection) =>
        changes.GroupBy(change => (change.View.StoreName, change.Id)).All(same => IsThere(connection, same.Last()));

    private static bool IsThere(Connection connection, DocumentChange change)
    {
        var found = ViewReader.Find(connection, change.View, change.Id);
        return change is DocumentChange.Put put
            ? found is not null && found.Json.Span.SequenceEqual(put.Json.Span)
            : found is null;
    }

    private static void Apply(Connection connection, DocumentChange change)
    {
        var table = ViewTable.Name(change.View);
        switch (change)
        {
            case DocumentChange.Put put:
                using (var insert = connection.Prepare(
                    $"INSERT INTO {table} (id, doc) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc"))
                {
                    insert.Bind(1, put.Id).BindText(2, put.Json.Span).Run();
                }

                break;
            case DocumentChange.Delete:
                using (var delete = connection.Prepare($"DELETE FROM {table} WHERE id = ?1"))
                {
                    delete.Bind(1, change.Id).Run();
                }

                break;
            default:
                throw new NotSupportedException($"No such change: {change.GetType().Name}.");
        }
    }
}
