using Loire.EventLog.Views;
using Loire.Testing;

namespace Loire.EventLog.ContractTests;

/// <summary>A store that a contract is tested against. Disposing it removes its data.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IEventLog Log { get; }

    ISnapshotStore Snapshots { get; }

    IViewStore Views { get; }

    ManualTime Time { get; }

    /// <summary>Closes the store and opens it again on the same data.</summary>
    Task Restart();

    /// <summary>Carries out SQL past the store, in its own tables. <c>{snapshots}</c> and <c>{events}</c> stand for their names.</summary>
    Task Tamper(string sql);
}
