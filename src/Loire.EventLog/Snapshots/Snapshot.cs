namespace Loire.EventLog;

/// <summary>What a stream had come to at one of its events, kept so that nobody need fold what came before.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The version up to which it is folded, 1 or more.</param>
/// <param name="EventId">The id of the event at that version. A snapshot fits its stream only while that event is there.</param>
/// <param name="Shape">Stands for the type of the state and what folds it, 1 to 200 characters. A snapshot is given only to
/// those who ask for its shape.</param>
/// <param name="State">The state as UTF-8 JSON.</param>
public sealed record Snapshot(StreamName Stream, long Version, Guid EventId, string Shape, ReadOnlyMemory<byte> State);

/// <summary>All of a stream: a snapshot and the events after it, or all events.</summary>
/// <param name="Snapshot">The snapshot, if there is one of the shape asked for that fits the stream.</param>
/// <param name="Position">The position of the event at the snapshot's version; 0 without a snapshot.</param>
/// <param name="Events">The events after the snapshot; all of the stream without one.</param>
/// <param name="Misfit">A snapshot of the shape asked for that does not fit the stream, and was therefore left aside.</param>
public sealed record LoadedStream(
    Snapshot? Snapshot, long Position, IReadOnlyList<RecordedEvent> Events, Snapshot? Misfit = null);
