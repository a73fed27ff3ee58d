using System.Collections.Concurrent;
using Orleans.EventSourcing;
using Orleans.Storage;

namespace Loire.Engine.ContractTests.Journals;

/// <summary>Logs in memory: the least that a journaled grain needs.</summary>
public sealed class MemoryLogs : ILogViewAdaptorFactory
{
    private readonly ConcurrentDictionary<GrainId, object> _logs = new();

    public bool UsesStorageProvider => false;

    public ILogViewAdaptor<TLogView, TLogEntry> MakeLogViewAdaptor<TLogView, TLogEntry>(
        ILogViewAdaptorHost<TLogView, TLogEntry> hostGrain,
        TLogView initialState,
        string grainTypeName,
        IGrainStorage? grainStorage,
        ILogConsistencyProtocolServices services)
        where TLogView : class, new()
        where TLogEntry : class =>
        new MemoryLog<TLogView, TLogEntry>(hostGrain, (List<TLogEntry>)_logs.GetOrAdd(services.GrainId, static _ => new List<TLogEntry>()));

    /// <summary>Appends as another writer would.</summary>
    public void AppendElsewhere<TLogEntry>(GrainId id, TLogEntry entry) => ((List<TLogEntry>)_logs[id]).Add(entry);
}

internal sealed class MemoryLog<TView, TEntry>(ILogViewAdaptorHost<TView, TEntry> host, List<TEntry> log) : ILogViewAdaptor<TView, TEntry>
    where TView : class, new()
    where TEntry : class
{
    private readonly List<TEntry> _submitted = [];

    public TView ConfirmedView { get; private set; } = new();

    public int ConfirmedVersion { get; private set; }

    public IEnumerable<TEntry> UnconfirmedSuffix => _submitted;

    public TView TentativeView => Fold(log.Take(ConfirmedVersion).Concat(_submitted));

    public Task PreOnActivate() => Synchronize();

    public Task PostOnActivate() => Task.CompletedTask;

    public Task PostOnDeactivate() => Task.CompletedTask;

    public void Submit(TEntry entry) => SubmitRange([entry]);

    public void SubmitRange(IEnumerable<TEntry> entries)
    {
        _submitted.AddRange(entries);
        host.OnViewChanged(tentative: true, confirmed: false);
    }

    public Task<bool> TryAppend(TEntry entry) => TryAppendRange([entry]);

    public async Task<bool> TryAppendRange(IEnumerable<TEntry> entries)
    {
        await Task.Yield();
        if (log.Count != ConfirmedVersion)
        {
            await Synchronize();
            return false;
        }

        log.AddRange(entries);
        await Synchronize();
        return true;
    }

    public async Task ConfirmSubmittedEntries()
    {
        await Task.Yield();
        log.AddRange(_submitted);
        _submitted.Clear();
        await Synchronize();
    }

    public Task Synchronize()
    {
        ConfirmedView = Fold(log);
        ConfirmedVersion = log.Count;
        host.OnViewChanged(tentative: true, confirmed: true);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TEntry>> RetrieveLogSegment(int fromVersion, int toVersion) =>
        Task.FromResult<IReadOnlyList<TEntry>>(log[fromVersion..toVersion]);

    public Task ClearLogAsync(CancellationToken cancellationToken)
    {
        log.Clear();
        return Synchronize();
    }

    public void EnableStatsCollection()
    {
    }

    public void DisableStatsCollection()
    {
    }

    public LogConsistencyStatistics? GetStats() => null;

    private TView Fold(IEnumerable<TEntry> entries)
    {
        var view = new TView();
        foreach (var entry in entries)
        {
            host.UpdateView(view, entry);
        }

        return view;
    }
}
