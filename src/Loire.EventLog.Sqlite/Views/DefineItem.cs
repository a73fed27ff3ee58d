using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Makes the table of a view.</summary>
internal sealed class DefineItem(ViewSchema schema) : WriteItem<bool>
{
    public override int Rows => 1;

    public override long Bytes => 0;

    public override bool Urgent => false;

    protected override bool Outcome => true;

    public override void Carry(WriterSession session) => ViewTable.Define(session.Connection, schema);

    public override bool? IsOnDisk(Connection connection)
    {
        using var query = connection.Prepare("SELECT 1 FROM sqlite_master WHERE name = ?1");
        return query.Bind(1, $"view:{schema.StoreName}").Step();
    }
}
