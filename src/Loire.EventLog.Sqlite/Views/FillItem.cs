using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>
/// Takes some documents of a view into its search, when they were there before it. Many small items rather than a large one,
/// so that commands go on meanwhile; one that is broken off is taken up by the next <see cref="DefineItem"/>.
/// </summary>
internal sealed class FillItem(ViewSchema schema, string after) : WriteItem<string?>
{
    private const int Documents = 500;

    private string? _last;

    public override int Rows => Documents;

    public override long Bytes => 0;

    public override bool Urgent => false;

    protected override string? Outcome => _last;

    public override void Carry(WriterSession session) => _last = SearchTable.Fill(session.Connection, schema, after, Documents);

    // To take a document in that is in already changes nothing, so nobody need know.
    public override bool? IsOnDisk(Connection connection) => _last is null && !SearchTable.IsWhole(connection, schema) ? false : null;
}
