using System.Text;
using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>What goes on while a backup is taken, and what has to be true of it: the same for every store.</summary>
internal static class BackupContract
{
    private static readonly ViewSchema View = new("orders", 1, [new ViewField("n", ViewFieldKind.Number, Indexed: true)]);

    /// <summary>Takes a backup while events are appended and a view counts them.</summary>
    /// <returns>How many events there were when it began.</returns>
    public static async Task<long> TakenDuringWrites(IStoreUnderTest store, Func<Task> backUp)
    {
        await store.Views.Define(View);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(() => Write(store, enough.Token));
        await store.Log.WaitBeyond(200, CancellationToken.None);
        var before = store.Log.Head;
        await backUp();
        await store.Log.WaitBeyond(store.Log.Head, CancellationToken.None);
        await enough.CancelAsync();
        await writing;
        return before;
    }

    /// <summary>The copy is the beginning of the log, the view and its checkpoint fit each other, and it goes on from there.</summary>
    public static async Task IsWhole(IEventLog copy, IViewStore views, IEventLog original, long atLeast)
    {
        var events = await copy.Everything();
        events.Count.ShouldBeGreaterThanOrEqualTo((int)atLeast);
        events.Select(e => e.EventId).ShouldBe((await original.Everything()).Take(events.Count).Select(e => e.EventId));
        var checkpoint = await views.Checkpoint("s", 0);
        checkpoint.ShouldBeInRange(1, events.Count);
        (await views.FindBy(View, "n", (decimal)checkpoint)).ShouldHaveSingleItem();
        (await copy.MustAppend("a", events.Count, Sample.Event())).Position.ShouldBe(events.Count + 1);
    }

    private static async Task Write(IStoreUnderTest store, CancellationToken enough)
    {
        for (var version = 0L; !enough.IsCancellationRequested; version++)
        {
            await store.Log.MustAppend("a", version, Sample.Event());
            var document = Encoding.UTF8.GetBytes($$"""{"n":{{version + 1}}}""");
            await store.Views.Commit(new("s", 0, version, version + 1), [new DocumentChange.Put(View, "x", document)]);
        }
    }
}
