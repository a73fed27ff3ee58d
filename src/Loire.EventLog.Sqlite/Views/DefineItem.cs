using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Makes the tables of a view, and says whether its search is whole.</summary>
internal sealed class DefineItem(ViewSchema schema) : WriteItem<bool>
{
    private bool _isWhole;

    public override int Rows => 1;

    public override long Bytes => 0;

    public override bool Urgent => false;

    protected override bool Outcome => _isWhole;

    public override void Carry(WriterSession session)
    {
        foreach (var statement in ViewTable.Missing(session.Connection, schema))
        {
            session.Connection.Execute(statement);
        }

        _isWhole = SearchTable.IsWhole(session.Connection, schema);
    }

    // When all of it is there, it may have been there before: that tells nothing of this commit.
    public override bool? IsOnDisk(Connection connection) => ViewTable.Missing(connection, schema).Count == 0 ? null : false;
}
