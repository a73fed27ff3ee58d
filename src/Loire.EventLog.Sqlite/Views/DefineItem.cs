using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Makes the table of a view.</summary>
internal sealed class DefineItem(ViewSchema schema) : WriteItem<bool>
{
    public override int Rows => 1;

    public override long Bytes => 0;

    public override bool Urgent => false;

    protected override bool Outcome => true;

    public override void Carry(WriterSession session)
    {
        foreach (var statement in ViewTable.Missing(session.Connection, schema))
        {
            session.Connection.Execute(statement);
        }
    }

    // When all of it is there, it may have been there before: that tells nothing of this commit.
    public override bool? IsOnDisk(Connection connection) => ViewTable.Missing(connection, schema).Count == 0 ? null : false;
}
