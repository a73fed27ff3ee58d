using Loire.EventLog;
using Loire.Metrics;
using Loire.Serialization;
using Loire.Snapshots;
using Orleans.EventSourcing;
using Orleans.Storage;

namespace Loire.Journaling;

/// <summary>The log-consistency provider <see cref="Journals.Provider"/>: journaled grains whose events live in the log.</summary>
internal sealed class JournalFactory(IEventLog log, EventCatalog catalog, SnapshotRegistry snapshots, LoireMetrics metrics, TimeProvider time)
    : ILogViewAdaptorFactory
{
    public bool UsesStorageProvider => false;

    public ILogViewAdaptor<TLogView, TLogEntry> MakeLogViewAdaptor<TLogView, TLogEntry>(
        ILogViewAdaptorHost<TLogView, TLogEntry> hostGrain,
        TLogView initialState,
        string grainTypeName,
        IGrainStorage? grainStorage,
        ILogConsistencyProtocolServices services)
        where TLogView : class, new()
        where TLogEntry : class
    {
        var id = ((IGrainBase)hostGrain).GrainContext.GrainId;
        var stream = new StreamName(id.Type.ToString()!, id.Key.ToString()!);
        var journal = new Journal<TLogView, TLogEntry>(
            hostGrain, initialState, stream, catalog.Codec(stream.Aggregate), log, snapshots.Of<TLogView>(stream), metrics, time);
        (hostGrain as IJournalOwner<TLogEntry>)?.Attach(journal);
        return journal;
    }
}
