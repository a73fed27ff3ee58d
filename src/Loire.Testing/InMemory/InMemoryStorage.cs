using Loire.EventLog;

namespace Loire.Testing;

/// <summary>
/// What a file or a database is to other stores: the data, which outlives every store that is opened on it. Several stores
/// may be open on one storage, as several processes on one database.
/// </summary>
public sealed class InMemoryStorage
{
    private readonly Lock _gate = new();
    private readonly List<HeadSignal> _listeners = [];

    public InMemoryStorage() => Snapshots = new InMemorySnapshots(Events);

    internal InMemoryEvents Events { get; } = new();

    internal InMemorySnapshots Snapshots { get; }

    internal InMemoryViews Views { get; } = new();

    /// <summary>The position of the last event; 0 when there is none.</summary>
    public long Head => Exclusively(() => Events.Head);

    internal T Exclusively<T>(Func<T> access)
    {
        lock (_gate)
        {
            return access();
        }
    }

    /// <summary>Tells every open store where the log ends. Called without the lock, because waiters may go on at once.</summary>
    internal void Announce()
    {
        var (head, all) = Exclusively(() => (Events.Head, _listeners.ToArray()));
        Array.ForEach(all, listener => listener.Raise(head));
    }

    internal void Attach(HeadSignal listener)
    {
        Exclusively(() =>
        {
            _listeners.Add(listener);
            return true;
        });
        Announce();
    }

    internal void Detach(HeadSignal listener) => Exclusively(() => _listeners.Remove(listener));
}
