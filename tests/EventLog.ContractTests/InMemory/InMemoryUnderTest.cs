using Loire.EventLog.Views;
using Loire.Testing;

namespace Loire.EventLog.ContractTests.InMemory;

/// <summary>A store in memory. To restart it is to open another store on what the first one has left.</summary>
internal sealed class InMemoryUnderTest : IStoreUnderTest
{
    private readonly InMemoryStorage _storage = new();
    private InMemoryStore _store;

    private InMemoryUnderTest() => _store = InMemoryStore.Open(_storage, Time);

    public IEventLog Log => _store.Log;

    public ISnapshotStore Snapshots => _store.Log;

    public IViewStore Views => _store.Views;

    public ManualTime Time { get; } = new();

    public static Task<IStoreUnderTest> Open() => Task.FromResult<IStoreUnderTest>(new InMemoryUnderTest());

    public async Task Restart()
    {
        await _store.DisposeAsync();
        _store = InMemoryStore.Open(_storage, Time);
    }

    public Task PutSnapshotsAt(long version)
    {
        _storage.Snapshots.PutAt(version);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
