using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>A move of a checkpoint with the changes that go with it, on its way through the writer.</summary>
/// <param name="move">The move.</param>
/// <param name="changes">The changes.</param>
/// <param name="words">What each change gives searches to find; <see langword="null"/> for those that give nothing.</param>
/// <param name="bytes">The size of it all.</param>
internal sealed class ViewCommitItem(
    CheckpointMove move, IReadOnlyList<DocumentChange> changes, IReadOnlyList<string?> words, long bytes) : WriteItem<bool>
{
    private bool _moved;

    public override int Rows => changes.Count + 1;

    public override long Bytes => bytes;

    public override bool Urgent => false;

    protected override bool Outcome => _moved;

    public override void Carry(WriterSession session)
    {
        var connection = session.Connection;
        _moved = move.All.All(m => CheckpointTable.Read(connection, m.Subscription, m.Partition) == m.From);
        if (!_moved)
        {
            return;
        }

        ViewWrites? writes = null;
        foreach (var change in changes)
        {
            writes = ReferenceEquals(writes?.View, change.View) ? writes! : new ViewWrites(change.View);
            writes.Apply(connection, change);
        }

        // After all documents, see SearchTable.Put.
        for (var n = 0; n < changes.Count; n++)
        {
            LetFind(connection, changes[n], words[n]);
        }

        foreach (var m in move.All)
        {
            CheckpointTable.Write(connection, m.Subscription, m.Partition, m.To);
        }
    }

    // Only the writer moves checkpoints. Where one stays, the documents tell: unless they are as they should be anyway.
    public override bool? IsOnDisk(Connection connection) =>
        !_moved ? null
        : move.All.FirstOrDefault(m => m.From != m.To) is { } further
            ? CheckpointTable.Read(connection, further.Subscription, further.Partition) == further.To
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

    private static void LetFind(Connection connection, DocumentChange change, string? words)
    {
        if (words is not null)
        {
            SearchTable.Put(connection, change.View, change.Id, words);
        }
        else if (change is DocumentChange.Delete)
        {
            SearchTable.Delete(connection, change.View, change.Id);
        }
    }
}
