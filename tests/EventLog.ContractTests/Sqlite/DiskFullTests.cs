namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class DiskFullTests
{
    [Fact]
    public async Task When_the_disk_is_full_nothing_acknowledged_is_lost_and_nothing_is_doubled()
    {
        await using var store = SqliteUnderTest.Create();
        store.Faults.MaxPages = 60;
        await store.Restart();
        List<Guid> acknowledged = [];
        List<NewEvent> refused = [];

        for (var n = 0; refused.Count < 10; n++)
        {
            var e = Sample.Event(data: "\"" + new string('x', 2000) + "\"");
            try
            {
                await store.Log.MustAppend($"s{n}", 0, e);
                acknowledged.Add(e.EventId);
            }
            catch (StoreUnavailableException unavailable)
            {
                unavailable.OutcomeUnknown.ShouldBeFalse();
                refused.Add(e);
            }
        }

        acknowledged.ShouldNotBeEmpty();
        (await store.Log.Everything()).Select(e => e.EventId).ShouldBe(acknowledged);

        store.Faults.MaxPages = null;
        foreach (var e in refused)
        {
            await store.Log.MustAppend($"again-{e.EventId}", 0, e);
        }

        await store.Restart();
        var all = await store.Log.Everything();
        all.Select(e => e.EventId).ShouldBe([.. acknowledged, .. refused.Select(e => e.EventId)]);
        all.Select(e => e.Position).ShouldBe(Enumerable.Range(1, all.Count).Select(n => (long)n));
    }
}
