using Loire.EventLog;

namespace Loire.Testing.Simulation;

/// <summary>The same for snapshots.</summary>
internal sealed class RemoteSnapshots(ISnapshotStore snapshots, SimulatedProcess store) : ISnapshotStore
{
    public Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default) =>
        store.Start(() => snapshots.Load(stream, shape, cancellation));

    public Task<bool> Save(Snapshot snapshot) => store.Start(() => snapshots.Save(snapshot));
}
