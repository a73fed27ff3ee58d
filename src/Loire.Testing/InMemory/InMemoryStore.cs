using Loire.EventLog;

namespace Loire.Testing;

/// <summary>
/// A store in memory: the log and the views, under the same contract as the stores on disk. It has no threads and no timers
/// and keeps everything in order, so that with one schedule it does the same every time.
/// </summary>
public sealed class InMemoryStore : IAsyncDisposable
{
    private readonly InMemoryStorage _storage;
    private readonly StoreTurns _turns;

    // Whoever waits goes on where it belongs: on its own scheduler, if it has one. No pool of threads stands in between.
    private readonly HeadSignal _head = new(TaskCreationOptions.None);

    private InMemoryStore(InMemoryStorage storage, TimeProvider time, IStoreSchedule? schedule)
    {
        _storage = storage;
        _turns = new StoreTurns(storage, schedule);
        Log = new InMemoryEventLog(storage, _turns, _head, time);
        Views = new InMemoryViewStore(storage, _turns);
        storage.Attach(_head);
    }

    public InMemoryEventLog Log { get; }

    public InMemoryViewStore Views { get; }

    /// <summary>Opens a store.</summary>
    /// <param name="storage">The data; a storage of its own if none is given. To open it again is what a restart is to other stores.</param>
    /// <param name="time">Tells when receipts expire; the system's time if none is given.</param>
    /// <param name="schedule">Decides when things happen; at once if none is given.</param>
    public static InMemoryStore Open(InMemoryStorage? storage = null, TimeProvider? time = null, IStoreSchedule? schedule = null) =>
        new(storage ?? new InMemoryStorage(), time ?? TimeProvider.System, schedule);

    /// <summary>Closes the store: whoever waits or comes later is told. The storage keeps what it has.</summary>
    public ValueTask DisposeAsync()
    {
        _turns.Close();
        _storage.Detach(_head);
        _head.Close();
        return ValueTask.CompletedTask;
    }
}
