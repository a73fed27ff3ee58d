using Loire.EventLog.Views;

namespace Loire.EventLog.ContractTests;

/// <summary>What the contracts have in common: a fresh store for each test.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private IStoreUnderTest? _store;

    protected IStoreUnderTest Store => _store!;

    protected IEventLog Log => Store.Log;

    protected ISnapshotStore Snapshots => Store.Snapshots;

    protected IViewStore Views => Store.Views;

    public async ValueTask InitializeAsync() => _store = await Open();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    protected abstract Task<IStoreUnderTest> Open();
}
