using Loire.EventLog.Views;

namespace Loire.EventLog.Sqlite;

/// <summary>Writes documents of a view. Its statements are the same for all of them, and composed once.</summary>
internal sealed class ViewWrites(ViewSchema view)
{
    private readonly string _put =
        $"INSERT INTO {ViewTable.Name(view)} (id, doc) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc";

    private readonly string _delete = $"DELETE FROM {ViewTable.Name(view)} WHERE id = ?1";

    public ViewSchema View => view;

    public void Apply(Connection connection, DocumentChange change)
    {
        switch (change)
        {
            case DocumentChange.Put put:
                using (var insert = connection.Prepare(_put))
                {
                    insert.Bind(1, put.Id).BindText(2, put.Json.Span).Run();
                }

                break;
            case DocumentChange.Delete:
                using (var delete = connection.Prepare(_delete))
                {
                    delete.Bind(1, change.Id).Run();
                }

                break;
            default:
                throw new NotSupportedException($"No such change: {change.GetType().Name}.");
        }
    }
}
