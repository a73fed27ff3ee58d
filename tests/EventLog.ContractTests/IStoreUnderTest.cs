using Loire.EventLog.Views;
using Loire.Testing;

namespace Loire.EventLog.ContractTests;

/// <summary>A store that a contract is tested against. Disposing it removes its data.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    IEventLog Log { get; }

    IViewStore Views { get; }

    ManualTime Time { get; }

    /// <summary>Closes the store and opens it again on the same data.</summary>
    Task Restart();
}
