using Loire.EventLog.Sqlite;

namespace Loire.EventLog.ContractTests.Sqlite;

public sealed class PurgeTests
{
    [Fact]
    public async Task Expired_receipts_are_removed_from_the_file()
    {
        await using var store = SqliteUnderTest.Create();
        var expiry = store.Time.GetUtcNow().AddSeconds(1);
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(n =>
            store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key($"k{n}", expires: expiry)))));
        await store.Log.Append(new AppendRequest(Sample.Order("a"), 0, [], Sample.Key("kept")));

        store.Time.Advance(TimeSpan.FromMinutes(1));
        for (var step = 0L; step < 3; step++)
        {
            // It comes after the purge that is in the queue.
            await store.Views.Commit(new("s", 0, step, step + 1), []);
        }

        await store.Close();

        using (var connection = Connection.OpenReader(store.Options.File))
        {
            connection.Number("SELECT count(*) FROM receipts").ShouldBe(1);
        }
    }
}
