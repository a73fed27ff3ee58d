using Loire.EventLog.Views;
using Loire.Testing;

namespace Loire.EventLog.ContractTests.InMemory;

/// <summary>A store in memory. To restart it is to open another store on what the first one has left.</summary>
internal sealed class InMemoryUnderTest : IStoreUnderTest
{
    private readonly InMemoryStorage storage = new();
    private InMemoryStore store;

    private InMemoryUnderTest() => store = InMemoryStore.Open(storage, Time);

    public IEventLog Log => store.Log;

    public ISnapshotStore Snapshots => store.Log;

    public IViewStore Views => store.Views;

    public ManualTime Time { get; } = new();

    public static Task<IStoreUnderTest> Open() => Task.FromResult<IStoreUnderTest>(new InMemoryUnderTest());

    public async Task Restart()
    {
        await store.DisposeAsync();
        store = InMemoryStore.Open(storage, Time);
    }

    public Task PutSnapshotsAt(long version)
    {
        storage.Snapshots.PutAt(version);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
