namespace Loire.EventLog;

/// <summary>Whether a snapshot belongs to the stream that it is read with.</summary>
internal static class SnapshotFit
{
    /// <param name="found">The snapshot.</param>
    /// <param name="events">The stream's events from the snapshot's version on, that one included; all without a snapshot.</param>
    /// <returns><see langword="null"/> when the event at the snapshot's version is not the one that it names.</returns>
    public static LoadedStream? Of(Snapshot? found, List<RecordedEvent> events)
    {
        if (found is null)
        {
            return new LoadedStream(null, 0, events);
        }

        return events is [{ } at, ..] && at.Version == found.Version && at.EventId == found.EventId
            ? new LoadedStream(found, at.Position, events.GetRange(1, events.Count - 1))
            : null;
    }
}
