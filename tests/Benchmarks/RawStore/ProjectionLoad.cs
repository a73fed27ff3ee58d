using Loire.EventLog;
using Loire.EventLog.Sqlite;
using Loire.EventLog.Views;

namespace Loire.Benchmarks.RawStore;

/// <summary>A projection that follows the log and puts a document for each event.</summary>
public static class ProjectionLoad
{
    private static readonly ViewSchema View = new("benchmark", 1, [new ViewField("total", ViewFieldKind.Number, Indexed: true)]);

    /// <summary>Follows the log from its head until it is stopped.</summary>
    public static async Task Follow(SqliteStore store, CancellationToken stop)
    {
        await store.Views.Define(View, CancellationToken.None);
        await store.Views.Commit(new CheckpointMove(View.StoreName, 0, 0, store.Log.Head), []);
        for (var at = await store.Views.Checkpoint(View.StoreName, 0, CancellationToken.None); !stop.IsCancellationRequested;)
        {
            at = await Step(store, at, stop);
        }
    }

    private static async Task<long> Step(SqliteStore store, long at, CancellationToken stop)
    {
        try
        {
            await store.Log.WaitBeyond(at, stop);
        }
        catch (OperationCanceledException)
        {
            return at;
        }

        var page = await store.Log.ReadAll(at, LogFilter.All, 500, CancellationToken.None);
        var changes = page.Events.Select(e => (DocumentChange)new DocumentChange.Put(View, e.EventId.ToString("N"), e.Data)).ToList();
        await store.Views.Commit(new CheckpointMove(View.StoreName, 0, at, page.Through), changes);
        return page.Through;
    }
}
