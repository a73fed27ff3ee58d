using Loire.EventLog;

namespace Loire.Simulation.Defects;

/// <summary>Keeps a snapshot under the version, and the event, before it.</summary>
internal sealed class SnapshotOffByOne(ISnapshotStore snapshots, IEventLog log) : ISnapshotStore
{
    public Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default) =>
        snapshots.Load(stream, shape, cancellation);

    public async Task<bool> Save(Snapshot snapshot)
    {
        var page = await log.ReadStream(snapshot.Stream, snapshot.Version - 1, limit: 1, ReadDirection.Forwards);
        return await snapshots.Save(snapshot with { Version = page.Events[0].Version, EventId = page.Events[0].EventId });
    }
}
