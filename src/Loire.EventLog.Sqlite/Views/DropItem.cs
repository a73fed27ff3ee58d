using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>
/// Removes the first so many documents of a view, and with the last of them its table: a large view at once would keep
/// everybody else waiting. The outcome tells whether all is gone.
/// </summary>
internal sealed class DropItem(ViewSchema schema) : WriteItem<bool>
{
    private const int Slice = 2_000;

    private bool _gone;
    private bool _changed;

    public override int Rows => Slice;

    public override long Bytes => 0;

    public override bool Urgent => false;

    protected override bool Outcome => _gone;

    public override void Carry(WriterSession session)
    {
        var connection = session.Connection;
        var there = IsThere(connection);
        (_gone, _changed) = (true, there);
        if (there)
        {
            connection.Execute(
                $"DELETE FROM {ViewTable.Name(schema)} WHERE id IN (SELECT id FROM {ViewTable.Name(schema)} ORDER BY id LIMIT {Slice})");
            _gone = connection.Number($"SELECT count(*) FROM (SELECT 1 FROM {ViewTable.Name(schema)} LIMIT 1)") == 0;
        }

        if (_gone)
        {
            SearchTable.Remove(connection, schema);
            connection.Execute($"DROP TABLE IF EXISTS {ViewTable.Name(schema)}");
            CheckpointTable.Remove(connection, schema.StoreName);
        }
    }

    // A slice that is not known to be gone is removed again: the caller calls again.
    public override bool? IsOnDisk(Connection connection) => _changed && _gone ? !IsThere(connection) : null;

    private bool IsThere(Connection connection) => ViewTable.Exists(connection, schema);
}
