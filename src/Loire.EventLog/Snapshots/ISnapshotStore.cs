namespace Loire.EventLog;

/// <summary>
/// Keeps one snapshot for each stream of the log: the newest, written in place of the one before. What is lost with the older
/// one is nothing, for the log itself is what to go back to. A snapshot shortens a load and decides nothing. Operations may
/// throw <see cref="StoreUnavailableException"/>.
/// </summary>
public interface ISnapshotStore
{
    /// <summary>Reads a stream, from the newest snapshot of a shape on if there is one that fits, in one round trip.</summary>
    /// <exception cref="ArgumentException">The stream's name or the shape is out of its range.</exception>
    Task<LoadedStream> Load(StreamName stream, string shape, CancellationToken cancellation = default);

    /// <summary>
    /// Keeps a snapshot in place of an older one, of one with another shape, and of one that does not fit the stream.
    /// </summary>
    /// <returns><see langword="false"/> if nothing was kept: the event that it names is not in the log at its version, or a
    /// newer snapshot is there.</returns>
    /// <exception cref="ArgumentException">A value is out of its range, or the state is not UTF-8 or exceeds 64 MiB.</exception>
    Task<bool> Save(Snapshot snapshot);
}
