using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.EventSourcing;

/// <summary>Reads a log and the view that it folds to.</summary>
public interface ILogViewRead<TView, TLogEntry>
{
    /// <summary>The view with everything that was submitted, confirmed or not.</summary>
    TView TentativeView { get; }

    /// <summary>The view of the confirmed entries.</summary>
    TView ConfirmedView { get; }

    /// <summary>How many entries are confirmed.</summary>
    int ConfirmedVersion { get; }

    /// <summary>The entries that were submitted and are not confirmed.</summary>
    IEnumerable<TLogEntry> UnconfirmedSuffix { get; }

    /// <summary>Confirmed entries from one version to another.</summary>
    Task<IReadOnlyList<TLogEntry>> RetrieveLogSegment(int fromVersion, int toVersion);
}

/// <summary>Appends to a log.</summary>
public interface ILogViewUpdate<TLogEntry>
{
    /// <summary>Submits an entry.</summary>
    void Submit(TLogEntry entry);

    /// <summary>Submits entries that are appended together.</summary>
    void SubmitRange(IEnumerable<TLogEntry> entries);

    /// <summary>Appends an entry if nothing has been appended that this view has not seen; whether it was.</summary>
    Task<bool> TryAppend(TLogEntry entry);

    /// <summary>Appends entries if nothing has been appended that this view has not seen; whether they were.</summary>
    Task<bool> TryAppendRange(IEnumerable<TLogEntry> entries);

    /// <summary>Waits until what was submitted is confirmed.</summary>
    Task ConfirmSubmittedEntries();

    /// <summary>Gets what others have appended, and confirms what was submitted.</summary>
    Task Synchronize();

    /// <summary>Forgets the log.</summary>
    Task ClearLogAsync(CancellationToken cancellationToken);
}

/// <summary>A log as a journaled grain uses it.</summary>
public interface ILogViewAdaptor<TLogView, TLogEntry>
    : ILogViewRead<TLogView, TLogEntry>, ILogViewUpdate<TLogEntry>, ILogConsistencyDiagnostics
    where TLogView : new()
{
    /// <summary>Runs before the grain is activated.</summary>
    Task PreOnActivate();

    /// <summary>Runs when the view may be loaded.</summary>
    Task PostOnActivate();

    /// <summary>Runs after the grain was deactivated.</summary>
    Task PostOnDeactivate();
}

/// <summary>The journaled grain, as its log sees it.</summary>
public interface ILogViewAdaptorHost<TLogView, TLogEntry> : IConnectionIssueListener
{
    /// <summary>Applies an entry to a view.</summary>
    void UpdateView(TLogView view, TLogEntry entry);

    /// <summary>Tells that views have changed.</summary>
    void OnViewChanged(bool tentative, bool confirmed);
}

/// <summary>Makes logs of journaled grains. Registered in the services under the name of the provider.</summary>
public interface ILogViewAdaptorFactory
{
    /// <summary>Whether it needs a grain storage.</summary>
    bool UsesStorageProvider { get; }

    /// <summary>Makes the log of a grain.</summary>
    ILogViewAdaptor<TLogView, TLogEntry> MakeLogViewAdaptor<TLogView, TLogEntry>(
        ILogViewAdaptorHost<TLogView, TLogEntry> hostGrain,
        TLogView initialState,
        string grainTypeName,
        IGrainStorage? grainStorage,
        ILogConsistencyProtocolServices services)
        where TLogView : class, new()
        where TLogEntry : class;
}

/// <summary>What a log may ask of the engine.</summary>
public interface ILogConsistencyProtocolServices
{
    /// <summary>The grain.</summary>
    GrainId GrainId { get; }

    /// <summary>The cluster.</summary>
    string MyClusterId { get; }

    /// <summary>A copy that shares nothing that can change.</summary>
    T DeepCopy<T>(T value);

    /// <summary>Reports a fault of the log.</summary>
    void ProtocolError(string msg, bool throwexception);

    /// <summary>Reports a failure in the log.</summary>
    void CaughtException(string where, Exception e);

    /// <summary>Reports a failure in the grain's code.</summary>
    void CaughtUserCodeException(string callback, string where, Exception e);

    /// <summary>Writes to the logger.</summary>
    void Log(LogLevel level, string format, params object[] args);
}

/// <summary>Counts what a log does.</summary>
public interface ILogConsistencyDiagnostics
{
    /// <summary>Begins to count.</summary>
    void EnableStatsCollection();

    /// <summary>Stops counting.</summary>
    void DisableStatsCollection();

    /// <summary>The counts, or null when it does not count.</summary>
    LogConsistencyStatistics? GetStats();
}

/// <summary>What a log did.</summary>
public class LogConsistencyStatistics
{
    /// <summary>How often each kind of event happened.</summary>
    public Dictionary<string, long> EventCounters = [];

    /// <summary>How long confirmations took, in milliseconds.</summary>
    public List<int> StabilizationLatenciesInMsecs = [];
}
