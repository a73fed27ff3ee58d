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

    /// <summary>Past the store, puts all snapshots at a version, whatever they are of.</summary>
    Task PutSnapshotsAt(long version);
}
