using Loire.EventLog;

namespace Loire.Testing;

/// <summary>The snapshots of a storage: the newest of each stream. To be used under its lock.</summary>
internal sealed class InMemorySnapshots(InMemoryEvents events)
{
    private readonly Dictionary<StreamName, Snapshot> _snapshots = [];

    public LoadedStream Load(StreamName stream, string shape)
    {
        var found = _snapshots.TryGetValue(stream, out var kept) && kept.Shape == shape ? kept : null;
        return SnapshotFit.Of(found, [.. events.Stream(stream, after: found is null ? 0 : found.Version - 1)])
            ?? new LoadedStream(null, 0, events.Stream(stream, after: 0), Misfit: found);
    }

    /// <returns>Whether it was kept.</returns>
    public bool Save(Snapshot snapshot)
    {
        var old = _snapshots.GetValueOrDefault(snapshot.Stream);
        var gives = old is null || old.Version <= snapshot.Version || old.Shape != snapshot.Shape || !Fits(old);
        if (!gives || !Fits(snapshot))
        {
            return false;
        }

        // Copies the state, so that nobody who still holds the snapshot can change what was kept.
        _snapshots[snapshot.Stream] = snapshot with { State = snapshot.State.ToArray() };
        return true;
    }

    /// <summary>For tests: puts all snapshots at a version, whatever they are of.</summary>
    public void PutAt(long version)
    {
        foreach (var (stream, snapshot) in _snapshots.ToList())
        {
            _snapshots[stream] = snapshot with { Version = version };
        }
    }

    private bool Fits(Snapshot snapshot) =>
        events.Stream(snapshot.Stream, after: snapshot.Version - 1) is [{ } at, ..]
        && at.Version == snapshot.Version && at.EventId == snapshot.EventId;
}
